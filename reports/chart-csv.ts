/** A trial's charts as CSV (RFC 4180), a row a point, in seconds and SI units. Pure. */
import type { TrialChart } from '../harness/model/result.js';

const columns = ['series', 'name', 'from_s', 'to_s', 'value', 'unit'] as const;

/** Throughput, lost packets, one-way delay and moments, one after the other. */
export function chartCsv(chart: TrialChart): string {
  const rows = [
    ...chart.throughput.flatMap(({ flow, source, points }) =>
      points.map(({ startMs, endMs, bps }) =>
        row(`throughput by the ${source}`, flow, startMs, endMs, bps, 'bit/s'),
      ),
    ),
    ...chart.meters.flatMap(({ meter, direction, losses, delay }) => [
      ...losses.map(({ startMs, endMs, packets }) =>
        row('packets lost', `${meter} ${direction}`, startMs, endMs, packets, 'packets'),
      ),
      ...delay.flatMap(({ atMs, minMs, medianMs, maxMs }) =>
        Object.entries({ least: minMs, median: medianMs, most: maxMs }).map(([which, ms]) =>
          row(`one-way delay, ${which}`, `${meter} ${direction}`, atMs, atMs, ms, 'ms'),
        ),
      ),
    ]),
    ...chart.marks.map(({ label, atMs }) => row('moment', label, atMs, atMs, '', '')),
  ];
  return [columns.join(','), ...rows].map((line) => `${line}\r\n`).join('');
}

function row(
  series: string,
  name: string,
  fromMs: number,
  toMs: number,
  value: number | '',
  unit: string,
): string {
  return [series, name, seconds(fromMs), seconds(toMs), value, unit].map(cell).join(',');
}

/** To the microsecond. */
function seconds(ms: number): number {
  return Number((ms / 1000).toFixed(6));
}

/** A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
