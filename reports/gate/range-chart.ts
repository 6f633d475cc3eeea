/** Both arms of a metric as ranges on one axis, in plain characters. Pure. */

import type { GateMetric } from '../../harness/judge/gate/result.js';
import type { Summary } from '../../harness/model/result.js';
import {
  axisLabels,
  axisRule,
  columnOf,
  roundStep,
  type TimeSpan,
  timeTicks,
} from '../terminal/axis.js';

/** What the signs mean, to be said once under the charts. */
export const rangeLegend =
  '├ shortest, ┤ longest, ━ 95 % interval of the median, ┃ median, ↑ absolute bound';

const marginWidth = 10;
/** A bound further away than this many times the longest would squeeze the arms together. */
const boundReach = 2;

/** Lines of the chart, none longer than `columns`; no line when neither arm has a number. */
export function rangeChart(metric: GateMetric, columns: number): string[] {
  const longest = Math.max(longestOf(metric.baseline), longestOf(metric.now));
  if (longest <= 0) return [];
  const limitMs = metric.bound?.limitMs ?? 0;
  const shown = limitMs > 0 && limitMs <= boundReach * longest;
  const endMs = Math.max(longest, shown ? limitMs : 0);
  const step = roundStep(endMs / 10);
  const span = { startMs: 0, endMs: Math.ceil((endMs * 1.0001) / step) * step };
  const width = columns - marginWidth - notesWidth(metric);
  const ticks = timeTicks(span, width, 12);
  const line = (title: string, body: string) => (title.padEnd(marginWidth) + body).trimEnd();
  return [
    line('baseline', arm(metric.baseline, span, width)),
    line('now', arm(metric.now, span, width)),
    ...(shown ? [line('bound', `${' '.repeat(columnOf(limitMs, span, width))}↑`)] : []),
    line('', axisRule(span, width, ticks)),
    line('', axisLabels(span, width, ticks)),
  ];
}

/** The largest number of an arm; with a trial that never recovered it is not the maximum. */
function longestOf({ min, median, max, ci95 }: Summary): number {
  return Math.max(min ?? 0, median ?? 0, max ?? 0, ci95?.[1] ?? 0);
}

function notesWidth({ baseline, now }: GateMetric): number {
  return Math.max(note(baseline).length, note(now).length);
}

/** Trials that never recovered lie beyond every number, so they are told. */
function note({ n, censored }: Summary): string {
  if (n === 0) return ' no trial';
  return censored > 0 ? ` ${censored} never` : '';
}

function arm(summary: Summary, span: TimeSpan, width: number): string {
  const cells = new Array<string>(width).fill(' ');
  const place = (ms: number) => columnOf(ms, span, width);
  const { min, median, max, ci95 } = summary;
  // What never ended reaches to the border, and has no end there.
  const last = max === null ? width - 1 : place(max);
  if (min !== null) {
    cells.fill('─', place(min), last + 1);
    if (ci95 && ci95[0] !== null) {
      cells.fill('━', place(ci95[0]), (ci95[1] === null ? last : place(ci95[1])) + 1);
    }
    cells[place(min)] = '├';
    if (max !== null) cells[last] = '┤';
  }
  if (median !== null) cells[place(median)] = '┃';
  return cells.join('') + note(summary);
}
