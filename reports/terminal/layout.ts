/** The screen for which a report is written. */
import { type Styles, stylesFor } from './style.js';

export interface TerminalOptions {
  /** Width of the screen; less than 40 is treated as 40. */
  columns: number;
  /** Without it the text holds no escape sequence, and charts stand one below the other. */
  colour: boolean;
}

export interface Layout {
  columns: number;
  styles: Styles;
}

/** Width and styles for a screen. */
export function layoutOf({ columns, colour }: TerminalOptions): Layout {
  return { columns: Math.max(40, Math.floor(columns)), styles: stylesFor(colour) };
}
