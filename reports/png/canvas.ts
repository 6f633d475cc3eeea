/** A plane of pixels with the few shapes that a chart needs. */
import { dotOf } from './glyphs.js';

export type Rgb = readonly [number, number, number];

const glyphColumns = 6;

export class Canvas {
  readonly pixels: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
    ground: Rgb,
  ) {
    this.pixels = new Uint8Array(width * height * 3);
    this.fill(0, 0, width, height, ground);
  }

  /** A rectangle, clipped to the plane; `opacity` from 0 to 1. */
  fill(x: number, y: number, width: number, height: number, colour: Rgb, opacity = 1): void {
    const left = Math.max(0, Math.round(x));
    const right = Math.min(this.width, Math.round(x + width));
    const top = Math.max(0, Math.round(y));
    const bottom = Math.min(this.height, Math.round(y + height));
    for (let row = top; row < bottom; row += 1) {
      for (let column = left; column < right; column += 1) {
        const at = (row * this.width + column) * 3;
        for (let part = 0; part < 3; part += 1) {
          const old = this.pixels[at + part] ?? 0;
          this.pixels[at + part] = Math.round(old + ((colour[part] ?? 0) - old) * opacity);
        }
      }
    }
  }

  /** Text with its top left corner at (x, y); a dot of a letter is `size` pixels wide. */
  text(x: number, y: number, text: string, colour: Rgb, size = 2): void {
    [...text].forEach((character, index) => {
      const left = x + index * glyphColumns * size;
      for (let row = 0; row < 7; row += 1) {
        for (let column = 0; column < 5; column += 1) {
          if (!dotOf(character, column, row)) continue;
          this.fill(left + column * size, y + row * size, size, size, colour);
        }
      }
    });
  }
}

/** Width of a text in pixels. */
export function textWidth(text: string, size = 2): number {
  return [...text].length * glyphColumns * size;
}
