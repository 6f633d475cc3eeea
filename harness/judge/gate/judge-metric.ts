/** The verdict on one metric of a gate. Pure. */

import { type Reason, reason } from '../../model/reason.js';
import type { Bound } from '../../model/reasons/gate.js';
import { medianWithInterval, type Reading } from '../statistics/index.js';
import {
  type Comparison,
  comparePaired,
  compareUnpaired,
  type Pair,
  pairsOf,
  pairsOfSeeds,
} from './compare.js';
import { type GateMetricName, metricLabels, type TrialReadings, valuesOf } from './readings.js';
import type { GateMetric, GateVerdict } from './result.js';
import {
  type MovedPairs,
  movedPairs,
  seedDifferences,
  seedToleranceMs,
  verdictOfSeeds,
} from './same-seed.js';
import { minimumSeeds } from './trial-counts.js';

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
  /** Virtual time: trials of one seed are paired, and equal code gives them equal numbers. */
  sameSeeds?: boolean;
  /** The environments differ: only the bounds decide. */
  boundsOnly: boolean;
}

/** Null when neither arm has the metric (a scenario without TCP). */
export function judgeMetric(arms: MetricArms): GateMetric | null {
  const now = summaryOf(valuesOf(arms.now, arms.metric));
  const baseline = summaryOf(valuesOf(arms.baseline, arms.metric));
  if (now.n === 0 && baseline.n === 0) return null;
  const toleranceMs = toleranceOf(arms, baseline.median);
  const pairs = pairsIn(arms);
  const differences = arms.sameSeeds ? seedDifferences(pairs, arms, arms.metric) : undefined;
  const moved = differences && movedPairs(differences, toleranceMs);
  const comparison = arms.boundsOnly ? null : compared(arms, pairs);
  const broken = brokenBounds(arms, now);
  const ofSeeds = differences && comparison ? verdictOfSeeds(differences, toleranceMs) : null;
  const scale = { medianMs: baseline.median, toleranceMs, moved };
  const said = arms.boundsOnly
    ? byBoundsOnly(arms.bound)
    : (ofSeeds ?? verdictOf(comparison, arms, scale));
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
    ...(moved && comparison ? { moved } : {}),
    bound: arms.bound,
    verdict,
    reasons: [...broken, ...said.reasons],
    pairs,
  };
}

function toleranceOf({ metric, resolutionMs, sameSeeds }: MetricArms, medianMs: Reading): number {
  const ms = Math.max(0.05 * (medianMs ?? 0), 20, resolutionMs);
  return sameSeeds ? seedToleranceMs(metric, resolutionMs, ms) : ms;
}

function pairsIn({ baseline, now, metric, periodMs, sameSeeds }: MetricArms): Pair[] {
  if (sameSeeds) return pairsOfSeeds(baseline, now, metric);
  return periodMs === null ? [] : pairsOf(baseline, now, metric);
}

function compared(arms: MetricArms, pairs: readonly Pair[]): Comparison | null {
  if (arms.sameSeeds) {
    const paired = comparePaired(pairs);
    return paired && { ...paired, method: 'same-seed' };
  }
  if (arms.periodMs !== null) return comparePaired(pairs);
  return compareUnpaired(arms.baseline, arms.now, arms.metric, arms.seed);
}

/** The order-statistic summary, without the parts that only people read. */
function summaryOf(readings: Reading[]) {
  const { n, censored, min, median, max, ci95 } = medianWithInterval(readings);
  return { n, censored, min, median, max, ci95 };
}

function brokenBounds({ bound }: MetricArms, now: GateMetric['now']): Reason[] {
  const broken: Reason[] = [];
  if (now.censored > 0) {
    broken.push(reason('trials-censored', { censored: now.censored, trials: now.n }));
  }
  if (bound && now.max !== null && now.max > bound.limitMs) {
    broken.push(reason('bound-exceeded', { longestMs: now.max, bound }));
  }
  return broken;
}

function byBoundsOnly(bound: Bound | null): Said {
  if (bound) return { verdict: 'pass', reasons: [] };
  return { verdict: 'inconclusive', reasons: [reason('no-bound', {})] };
}

interface Said {
  verdict: GateVerdict;
  reasons: Reason[];
}

/**
 * Regression: the test and the size of the shift both say so. Pass: they do not, and the interval
 * rules out a gross slowdown (twice the tolerance, or a quarter of the baseline, whichever is more).
 * Inconclusive: neither is certain, so more trials can still decide it.
 */
function verdictOf(
  comparison: Comparison | null,
  arms: MetricArms,
  scale: { medianMs: Reading; toleranceMs: number; moved?: MovedPairs | undefined },
): Said {
  if (!comparison) return { verdict: 'inconclusive', reasons: [noComparison(arms)] };
  const { n, p, shiftMs, intervalMs, method } = comparison;
  if (method === 'same-seed' && n < minimumSeeds) {
    const data = { valid: n, needed: minimumSeeds };
    return { verdict: 'inconclusive', reasons: [reason('too-few-trials', data)] };
  }
  if (method !== 'unpaired' && n < minimumPairs) {
    const data = { pairs: n, needed: minimumPairs };
    const few = scale.moved
      ? reason('some-moved', { ...data, ...scale.moved })
      : reason('too-few-pairs', { ...data, significance });
    return { verdict: 'inconclusive', reasons: [few] };
  }
  const sizeMs = method === 'unpaired' ? (intervalMs?.[0] ?? shiftMs) : shiftMs;
  if (p < significance && sizeMs > scale.toleranceMs) {
    const data = { shiftMs: finite(shiftMs), p };
    return { verdict: 'regression', reasons: [reason('slower', data)] };
  }
  const [lowMs, highMs] = intervalMs ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const grossMs = Math.max(2 * scale.toleranceMs, 0.25 * (scale.medianMs ?? 0));
  if (lowMs > 0 && shiftMs > scale.toleranceMs) {
    const data = { shiftMs: finite(shiftMs), p };
    return { verdict: 'inconclusive', reasons: [reason('looks-slower', data)] };
  }
  if (highMs > grossMs) {
    const data = { shiftMs: finite(highMs), trials: n };
    return { verdict: 'inconclusive', reasons: [reason('slowdown-possible', data)] };
  }
  return { verdict: 'pass', reasons: passNotes(comparison, scale.toleranceMs) };
}

function noComparison({ baseline, now, metric, periodMs, sameSeeds }: MetricArms): Reason {
  if (valuesOf(now, metric).length === 0) return reason('not-measured-now', {});
  if (valuesOf(baseline, metric).length === 0) return reason('not-in-baseline', {});
  if (sameSeeds) return reason('seeds-differ', {});
  return reason('phases-differ', { periodMs });
}

function passNotes({ p, shiftMs, intervalMs }: Comparison, toleranceMs: number): Reason[] {
  const notes: Reason[] = [];
  if (p < significance) {
    notes.push(reason('slower-within-tolerance', { shiftMs: finite(shiftMs), toleranceMs }));
  }
  if (intervalMs && intervalMs[1] < -toleranceMs) {
    notes.push(reason('faster', { byMs: finite(-shiftMs) }));
  }
  return notes;
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
