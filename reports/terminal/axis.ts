/** Axes in character columns: where a moment falls, and ticks at round numbers. */
import { trimZeros } from '../format.js';

export interface TimeSpan {
  startMs: number;
  endMs: number;
}

/** The column (0 … width − 1) in which a moment falls; moments outside go to the border. */
export function columnOf(atMs: number, span: TimeSpan, width: number): number {
  const share = (atMs - span.startMs) / (span.endMs - span.startMs);
  return Math.max(0, Math.min(width - 1, Math.floor(share * width)));
}

/** The smallest of 1, 2, 5 × 10ⁿ that is not below `value`. */
export function roundStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  for (const factor of [1, 2, 5]) if (factor * power >= value * 0.999999) return factor * power;
  return 10 * power;
}

/** Ticks of a time axis: at most one for every `spacing` columns. */
export function timeTicks(span: TimeSpan, width: number, spacing: number): number[] {
  const wanted = Math.max(1, Math.floor(width / spacing));
  const step = roundStep((span.endMs - span.startMs) / wanted);
  const ticks: number[] = [];
  for (let tick = Math.ceil(span.startMs / step) * step; tick <= span.endMs; tick += step) {
    ticks.push(Math.round(tick * 1000) / 1000);
  }
  return ticks;
}

/** One line: the axis rule with a notch at every tick, `└───┬─────┬──`. */
export function axisRule(span: TimeSpan, width: number, ticks: number[]): string {
  const cells = new Array<string>(width).fill('─');
  for (const tick of ticks) cells[columnOf(tick, span, width)] = '┬';
  return cells.join('');
}

/** One line: tick labels under their notches, in seconds or milliseconds, the unit at the last. */
export function axisLabels(span: TimeSpan, width: number, ticks: number[]): string {
  const unit = span.endMs - span.startMs >= 2000 ? 's' : 'ms';
  const cells = new Array<string>(width).fill(' ');
  let free = 0;
  ticks.forEach((tick, index) => {
    const value = unit === 's' ? tick / 1000 : tick;
    const last = index === ticks.length - 1;
    const label = `${trimZeros(value.toFixed(3))}${last ? ` ${unit}` : ''}`;
    const centre = columnOf(tick, span, width);
    const from = Math.min(
      Math.max(centre - Math.floor((label.length - 1) / 2), free),
      width - label.length,
    );
    if (from < free) return;
    for (let at = 0; at < label.length; at += 1) cells[from + at] = label[at] ?? ' ';
    free = from + label.length + 1;
  });
  return cells.join('').trimEnd();
}
