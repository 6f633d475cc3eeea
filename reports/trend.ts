/** Medians of past runs in the order they were made, with marks where the level changed. Pure. */

import { LabError } from '../harness/errors.js';
import { changePoints, medianWithInterval } from '../harness/judge/statistics/index.js';
import type { RunResult, Summary, Verdict } from '../harness/model/result.js';
import { escapeText } from './escape.js';
import { formatCounted, formatMs } from './format.js';
import { type LeftOut, type Likeness, likenessOf, likeRuns } from './like-runs.js';
import type { TerminalOptions } from './terminal/layout.js';
import { plotValues } from './terminal/plot.js';
import { stylesFor } from './terminal/style.js';
import { wrapText } from './terminal/wrap.js';

/** What a trend needs to know of a run; a `RunResult` has it all. */
export type TrendRun = Pick<
  RunResult,
  'runId' | 'scenario' | 'wallTime' | 'verdict' | 'controller' | 'environment'
> & { summary: Record<TrendMetric, Summary> };

export type TrendMetric = 'networkOutageMs' | 'tcpStallMs';

export interface TrendPoint {
  runId: string;
  wallTime: string;
  commit: string | null;
  verdict: Verdict;
  /** null = most trials of that run never recovered. */
  medianMs: number | null;
  ci95: Summary['ci95'];
  n: number;
}

export interface TrendChange {
  /** First point of the new level. */
  index: number;
  beforeMs: number | null;
  afterMs: number | null;
  p: number;
}

export interface Trend {
  scenario: string;
  metric: TrendMetric;
  /** What all runs of the series have in common; null without a run. */
  series: Likeness | null;
  points: TrendPoint[];
  changes: TrendChange[];
  /** Runs of other controllers, datapaths or machines. */
  leftOut: LeftOut[];
  /** Runs without a valid trial that measured it. */
  withoutReading: number;
  /** Results that cannot be read. */
  unreadable: number;
}

/** A level change is marked below this chance of being luck. */
const significance = 0.01;

/**
 * The trend of one scenario, oldest run first, of the runs that are like the newest: with the same
 * controller, on the same machine and datapath. What is left out is counted. Throws WRONG_USE when the
 * runs are of several scenarios. Change points: E-divisive (see
 * `statistics/change-point.ts`); a censored median counts as twice the longest one seen, because the
 * method needs a distance.
 */
export function trendOf(
  runs: readonly TrendRun[],
  metric: TrendMetric = 'networkOutageMs',
  unreadable = 0,
): Trend {
  const scenarios = [...new Set(runs.map((run) => run.scenario))];
  if (scenarios.length > 1) {
    throw new LabError(
      'WRONG_USE',
      `a trend covers one scenario, not several: ${scenarios.join(', ')}`,
    );
  }
  const read = runs
    .filter((run) => run.summary[metric].n > 0)
    .sort((a, b) => a.wallTime.localeCompare(b.wallTime));
  const newest = read.at(-1);
  const { like, leftOut } = newest ? likeRuns(read, newest) : { like: [], leftOut: [] };
  const points = like.map((run) => pointOf(run, metric));
  return {
    scenario: scenarios[0] ?? '',
    metric,
    series: newest ? likenessOf(newest) : null,
    points,
    changes: changesIn(points),
    leftOut,
    withoutReading: runs.length - read.length,
    unreadable,
  };
}

function pointOf(run: TrendRun, metric: TrendMetric): TrendPoint {
  const { runId, wallTime, verdict } = run;
  const { median, ci95, n } = run.summary[metric];
  return { runId, wallTime, commit: run.environment.commit, verdict, medianMs: median, ci95, n };
}

function changesIn(points: readonly TrendPoint[]): TrendChange[] {
  const medians = points.map((point) => point.medianMs);
  const longest = Math.max(1, ...medians.map((median) => median ?? 0));
  const found = changePoints(
    medians.map((median) => median ?? 2 * longest),
    { seed: 1, significance },
  );
  const starts = [0, ...found.map((point) => point.index), medians.length];
  const level = (at: number) =>
    medianWithInterval(medians.slice(starts[at], starts[at + 1])).median;
  return found.map(({ index, p }, at) => ({
    index,
    beforeMs: level(at),
    afterMs: level(at + 1),
    p,
  }));
}

export interface TrendTerminalOptions extends TerminalOptions {
  /** Rows of the plot. */
  height?: number;
}

const metricNames: Record<TrendMetric, string> = {
  networkOutageMs: 'network outage',
  tcpStallMs: 'TCP stall',
};

/**
 * The medians as a line, a `│` through it at each change, and a sentence per change. When there are
 * more runs than columns the newest are drawn.
 */
export function renderTrendTerminal(trend: Trend, options: TrendTerminalOptions): string {
  const title = `${trend.scenario}: median ${metricNames[trend.metric]}, ${formatCounted(trend.points.length, 'run')}`;
  const head = wrapText(escapeText(title), options.columns);
  const foot = [...seriesLines(trend, options.columns), ...leftOutLines(trend, options.columns)];
  if (trend.points.length === 0) return [...head, '  no runs yet', ...foot].join('\n');
  const changes = changeLines(trend, options.columns);
  return [...head, ...plotLines(trend, options), ...changes, ...foot].join('\n');
}

/** What the runs that are drawn have in common. */
function seriesLines({ series }: Trend, columns: number): string[] {
  if (series === null) return [];
  const { controller, datapath, kernel, cores, ovs, labs } = series;
  const text =
    `  Runs with controller ${controller}, ${datapath} datapath, Linux ${kernel}, ` +
    `${formatCounted(cores, 'core')}, Open vSwitch ${ovs}, ${labs ?? 'fresh'} labs.`;
  return wrapText(escapeText(text), columns);
}

/** How many runs are not in the series, and why. */
function leftOutLines({ leftOut, withoutReading, unreadable }: Trend, columns: number): string[] {
  const whys = [
    ...leftOut.map(({ runs, differs }) => {
      const values = differs.map(({ part, value }) => `${part} ${value}`);
      return `${formatCounted(runs, 'run')} with ${values.join(', ')}`;
    }),
    ...(withoutReading > 0
      ? [`${formatCounted(withoutReading, 'run')} without a valid trial`]
      : []),
    ...(unreadable > 0 ? [`${formatCounted(unreadable, 'result')} that cannot be read`] : []),
  ];
  if (whys.length === 0) return [];
  return wrapText(escapeText(`  Left out: ${whys.join('; ')}.`), columns);
}

function plotLines(trend: Trend, options: TrendTerminalOptions): string[] {
  const styles = stylesFor(options.colour);
  const width = Math.max(10, options.columns - 14);
  const perRun = Math.max(1, Math.min(6, Math.floor(width / trend.points.length)));
  const first = Math.max(0, trend.points.length - Math.floor(width / perRun));
  const shown = trend.points.slice(first);
  const values = shown.flatMap(({ medianMs }) => Array<number | null>(perRun).fill(medianMs));
  const max = 1.1 * Math.max(1, ...shown.map(({ medianMs }) => medianMs ?? 0));
  const grid = plotValues(values, { height: options.height ?? 8, max, format: formatMs });
  const marks = new Set(trend.changes.map(({ index }) => (index - first) * perRun));
  return grid.rows.map((row, at) => {
    const cells = row.map((cell, column) => {
      if (marks.has(column) && cell === ' ') return styles.red('│');
      return cell === ' ' ? cell : styles.cyan(cell);
    });
    return `${grid.margins[at] ?? ''}${cells.join('')}`.trimEnd();
  });
}

function changeLines(trend: Trend, columns: number): string[] {
  if (trend.changes.length === 0) return ['  no change of level'];
  return trend.changes.flatMap(({ index, beforeMs, afterMs, p }) => {
    const point = trend.points[index];
    const where = point?.commit ? `commit ${point.commit.slice(0, 10)}` : `run ${point?.runId}`;
    const levels = `${formatMs(beforeMs)} → ${formatMs(afterMs)}`;
    const text = `│ changed at ${where} (${point?.wallTime.slice(0, 16)}Z): ${levels}, p = ${p.toFixed(3)}`;
    return wrapText(escapeText(text), columns - 2).map((line) => `  ${line}`);
  });
}
