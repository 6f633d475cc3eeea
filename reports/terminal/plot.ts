/** Line charts by asciichart, as a grid of characters that the caller can shade and colour. */
import asciichart from 'asciichart';
import { padStart } from './wrap.js';

export interface PlotGrid {
  /** Label and axis of each row, all of one width. */
  margins: string[];
  /** One character a column; a blank is a blank. */
  rows: string[][];
}

/**
 * Plots one value a column between 0 and `max`. A `null` is a moment without a reading: it stays
 * blank and is never drawn as zero.
 */
export function plotValues(
  values: Array<number | null>,
  options: { height: number; max: number; format: (value: number) => string },
): PlotGrid {
  const { height, max, format } = options;
  let last = values.find((value) => value !== null) ?? 0;
  const filled = values.map((value) => {
    last = value ?? last;
    return Math.min(last, max);
  });
  const labels: string[] = [];
  // asciichart draws steps between neighbours: with the first value doubled, the step into a value
  // stands in that value's own column.
  const text = asciichart.plot([[filled[0] ?? 0, ...filled]], {
    min: 0,
    max,
    height,
    offset: 1,
    format: (value) => {
      labels.push(format(value));
      // Under the axis. An empty label would make its row a character shorter than the others.
      return ' ';
    },
  });
  const labelWidth = Math.max(...labels.map((label) => label.length));
  const lines = text.split('\n').map((line) => [...line]);
  return {
    margins: lines.map((line, index) => `${padStart(labels[index] ?? '', labelWidth)} ${line[0]}`),
    rows: lines.map((line) =>
      values.map((value, at) => (value === null ? ' ' : (line[at + 1] ?? ' '))),
    ),
  };
}

/** Time-weighted mean in each of `width` columns; null where nothing was measured. */
export function resample(
  points: Array<{ startMs: number; endMs: number; bps: number }>,
  span: { startMs: number; endMs: number },
  width: number,
): Array<number | null> {
  const columnMs = (span.endMs - span.startMs) / width;
  const sums = new Array<number>(width).fill(0);
  const weights = new Array<number>(width).fill(0);
  for (const point of points) {
    const first = Math.max(0, Math.floor((point.startMs - span.startMs) / columnMs));
    const final = Math.min(width - 1, Math.floor((point.endMs - span.startMs) / columnMs));
    for (let column = first; column <= final; column += 1) {
      const from = Math.max(point.startMs, span.startMs + column * columnMs);
      const to = Math.min(point.endMs, span.startMs + (column + 1) * columnMs);
      if (to <= from) continue;
      sums[column] = (sums[column] ?? 0) + point.bps * (to - from);
      weights[column] = (weights[column] ?? 0) + (to - from);
    }
  }
  return sums.map((sum, column) => {
    const weight = weights[column] ?? 0;
    return weight > 0 ? sum / weight : null;
  });
}
