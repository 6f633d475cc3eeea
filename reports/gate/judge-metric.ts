/** The verdict on one metric of a gate. Pure. */

import type { Bound } from '../../harness/judge/gate/bounds.js';
import {
  type Comparison,
  comparePaired,
  compareUnpaired,
  pairsOf,
} from '../../harness/judge/gate/compare.js';
import {
  type GateMetricName,
  metricLabels,
  type TrialReadings,
  valuesOf,
} from '../../harness/judge/gate/readings.js';
import type { GateMetric, GateVerdict } from '../../harness/judge/gate/result.js';
import { medianWithInterval, type Reading } from '../../harness/judge/statistics/index.js';
import { formatMs } from '../format.js';

/** A difference counts as real below this chance of being luck. */
export const significance = 0.01;
/** Fewer pairs cannot reach it: 2^-7 is the first power of one half below .01. */
export const minimumPairs = 7;

export interface MetricArms {
  metric: GateMetricName;
  baseline: readonly TrialReadings[];
  now: readonly TrialReadings[];
  periodMs: number | null;
  /** One reading's width, the larger of both arms. */
  resolutionMs: number;
  bound: Bound | null;
  seed: number;
  /** The environments differ: only the bounds decide. */
  boundsOnly: boolean;
}

/** Null when neither arm has the metric (a scenario without TCP). */
export function judgeMetric(arms: MetricArms): GateMetric | null {
  const now = summaryOf(valuesOf(arms.now, arms.metric));
  const baseline = summaryOf(valuesOf(arms.baseline, arms.metric));
  if (now.n === 0 && baseline.n === 0) return null;
  const toleranceMs = Math.max(0.05 * (baseline.median ?? 0), 20, arms.resolutionMs);
  const pairs = arms.periodMs === null ? [] : pairsOf(arms.baseline, arms.now, arms.metric);
  const comparison = arms.boundsOnly ? null : compared(arms, pairs);
  const broken = brokenBounds(arms, now);
  const said = arms.boundsOnly
    ? byBoundsOnly(arms.bound)
    : verdictOf(comparison, arms, { medianMs: baseline.median, toleranceMs });
  const verdict = said.verdict !== 'regression' && broken.length > 0 ? 'fail' : said.verdict;
  return {
    metric: arms.metric,
    label: metricLabels[arms.metric],
    baseline,
    now,
    method: comparison?.method ?? 'bounds',
    n: comparison?.n ?? 0,
    shiftMs: finite(comparison?.shiftMs),
    shiftIntervalMs: comparison?.intervalMs
      ? [finite(comparison.intervalMs[0]), finite(comparison.intervalMs[1])]
      : null,
    unbounded: comparison?.shiftMs === Number.POSITIVE_INFINITY,
    toleranceMs,
    p: comparison?.p ?? null,
    bound: arms.bound,
    verdict,
    reasons: [...broken, ...said.reasons],
    pairs,
  };
}

function compared(arms: MetricArms, pairs: ReturnType<typeof pairsOf>): Comparison | null {
  if (arms.periodMs !== null) return comparePaired(pairs);
  return compareUnpaired(arms.baseline, arms.now, arms.metric, arms.seed);
}

/** The order-statistic summary, without the parts that only people read. */
function summaryOf(readings: Reading[]) {
  const { n, censored, min, median, max, ci95 } = medianWithInterval(readings);
  return { n, censored, min, median, max, ci95 };
}

function brokenBounds({ bound }: MetricArms, now: GateMetric['now']): string[] {
  const broken: string[] = [];
  if (now.censored > 0) {
    broken.push(`${now.censored} of ${now.n} trials did not recover before the deadline`);
  }
  if (bound && now.max !== null && now.max > bound.limitMs) {
    broken.push(
      `the longest, ${formatMs(now.max)}, is over ${formatMs(bound.limitMs)} (${bound.text})`,
    );
  }
  return broken;
}

function byBoundsOnly(bound: Bound | null): Said {
  if (bound) return { verdict: 'pass', reasons: [] };
  return { verdict: 'inconclusive', reasons: ['no absolute bound is known for it'] };
}

interface Said {
  verdict: GateVerdict;
  reasons: string[];
}

/**
 * Regression: the test and the size of the shift both say so. Pass: they do not, and the interval
 * rules out a gross slowdown (twice the tolerance, or a quarter of the baseline, whichever is more).
 * Inconclusive: neither is certain, so more trials can still decide it.
 */
function verdictOf(
  comparison: Comparison | null,
  arms: MetricArms,
  scale: { medianMs: Reading; toleranceMs: number },
): Said {
  if (!comparison) return { verdict: 'inconclusive', reasons: [noComparison(arms)] };
  const { n, p, shiftMs, intervalMs, method } = comparison;
  if (method === 'paired' && n < minimumPairs) {
    const reason = `${n} pairs cannot show anything at p < ${significance}; ${minimumPairs} can`;
    return { verdict: 'inconclusive', reasons: [`${reason}. ${samePlan}`] };
  }
  const sizeMs = method === 'paired' ? shiftMs : (intervalMs?.[0] ?? shiftMs);
  if (p < significance && sizeMs > scale.toleranceMs) {
    return {
      verdict: 'regression',
      reasons: [`slower by ${inWords(shiftMs)}, p = ${inDigits(p)}`],
    };
  }
  const [lowMs, highMs] = intervalMs ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const grossMs = Math.max(2 * scale.toleranceMs, 0.25 * (scale.medianMs ?? 0));
  if (lowMs > 0 && shiftMs > scale.toleranceMs) {
    const reason = `it looks slower by ${inWords(shiftMs)}, but p = ${inDigits(p)} proves nothing`;
    return { verdict: 'inconclusive', reasons: [reason] };
  }
  if (highMs > grossMs) {
    const reason = `a slowdown of ${inWords(highMs)} cannot be ruled out with ${n} trials an arm`;
    return { verdict: 'inconclusive', reasons: [reason] };
  }
  return { verdict: 'pass', reasons: passNotes(comparison, scale.toleranceMs) };
}

const samePlan = 'Baseline and run must share seed and number of planned trials.';

function noComparison({ baseline, now, metric, periodMs }: MetricArms): string {
  if (valuesOf(now, metric).length === 0) return 'no valid trial has this metric now';
  if (valuesOf(baseline, metric).length === 0) return 'the baseline does not have this metric';
  const phases = `no trial hits the phase of a baseline trial within the ${periodMs} ms period`;
  return `${phases}. ${samePlan}`;
}

function passNotes({ p, shiftMs, intervalMs }: Comparison, toleranceMs: number): string[] {
  const notes: string[] = [];
  if (p < significance) notes.push(`slower by ${inWords(shiftMs)}, within ${inWords(toleranceMs)}`);
  if (intervalMs && intervalMs[1] < -toleranceMs) {
    notes.push(`faster by ${inWords(-shiftMs)}: --update would keep it that way`);
  }
  return notes;
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** A shift in words; unbounded when one arm no longer recovers. */
export function inWords(ms: number): string {
  return Number.isFinite(ms) ? formatMs(ms) : 'an unbounded time';
}

function inDigits(p: number): string {
  return p < 0.001 ? p.toExponential(1) : p.toFixed(3);
}
