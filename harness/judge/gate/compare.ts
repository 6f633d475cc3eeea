/** Two arms of one metric, compared by strata where there are any. Pure. */
import {
  differenceOf,
  intervalRanks,
  mannWhitney,
  medianDifferenceInterval,
  pairedShift,
  type Reading,
  ranked,
  signedRankTest,
  twoSampleShift,
} from '../statistics/index.js';
import { type GateMetricName, type TrialReadings, valuesOf } from './readings.js';

export interface Comparison {
  /** `same-seed`: pairs of trials in which chance decided the same. */
  method: 'paired' | 'unpaired' | 'same-seed';
  /** Pairs, or the size of the smaller arm. */
  n: number;
  /** How much longer it takes now; infinite when most of the pairs are censored now. */
  shiftMs: number;
  /** 95 %; null when there is too little to say. */
  intervalMs: [number, number] | null;
  /** One-sided: chance of at least so much slowness if nothing changed. */
  p: number;
}

export interface Pair {
  stratum: number | null;
  phaseOffsetMs: number | null;
  baselineMs: Reading;
  nowMs: Reading;
}

/** Two injections are at the same phase when they are planned within this of one another. */
const samePhaseMs = 1;

/** Trials of both arms that hit one stratum at one phase, each used once. */
export function pairsOf(
  baseline: readonly TrialReadings[],
  now: readonly TrialReadings[],
  metric: GateMetricName,
): Pair[] {
  const left = baseline.filter((row) => row.stratum !== null && row[metric] !== undefined);
  return now.flatMap((row) => {
    const at = left.findIndex((before) => samePlace(before, row));
    const nowMs = row[metric];
    if (at < 0 || nowMs === undefined) return [];
    const baselineMs = left.splice(at, 1)[0]?.[metric] ?? null;
    return [{ stratum: row.stratum, phaseOffsetMs: row.phaseOffsetMs, baselineMs, nowMs }];
  });
}

/** Trials of both arms with the same seed, in virtual time. */
export function pairsOfSeeds(
  baseline: readonly TrialReadings[],
  now: readonly TrialReadings[],
  metric: GateMetricName,
): Pair[] {
  return now.flatMap((row) => {
    const before = baseline.find(({ trial }) => trial === row.trial);
    const [nowMs, baselineMs] = [row[metric], before?.[metric]];
    if (row.trial === undefined || nowMs === undefined || baselineMs === undefined) return [];
    return [{ stratum: row.stratum, phaseOffsetMs: row.phaseOffsetMs, baselineMs, nowMs }];
  });
}

function samePlace(a: TrialReadings, b: TrialReadings): boolean {
  const apartMs = Math.abs((a.phaseOffsetMs ?? 0) - (b.phaseOffsetMs ?? 0));
  return a.stratum === b.stratum && apartMs < samePhaseMs;
}

/** Exact Wilcoxon signed-rank test and Hodges–Lehmann shift over the pairs; null without pairs. */
export function comparePaired(pairs: readonly Pair[]): Comparison | null {
  if (pairs.length === 0) return null;
  const differences = pairs.map((pair) => differenceOf(pair.nowMs, pair.baselineMs));
  return {
    method: 'paired',
    n: pairs.length,
    shiftMs: pairedShift(differences).shift,
    intervalMs: medianDifferenceOf(differences),
    p: signedRankTest(differences).pGreater,
  };
}

/**
 * The order-statistic interval of the median difference. Unlike the interval of Walsh averages it
 * does not stretch to half of a single wild trial.
 */
function medianDifferenceOf(differences: readonly number[]): [number, number] | null {
  const sorted = [...differences].sort((a, b) => (a === b ? 0 : a - b));
  const ranks = intervalRanks(sorted.length);
  const [low, high] = (ranks ?? []).map((rank) => sorted[rank - 1]);
  return low === undefined || high === undefined ? null : [low, high];
}

/** Mann–Whitney test, two-sample shift and bootstrap interval of the median difference. */
export function compareUnpaired(
  baseline: readonly TrialReadings[],
  now: readonly TrialReadings[],
  metric: GateMetricName,
  seed: number,
): Comparison | null {
  const before = valuesOf(baseline, metric).map(ranked);
  const after = valuesOf(now, metric).map(ranked);
  if (before.length === 0 || after.length === 0) return null;
  return {
    method: 'unpaired',
    n: Math.min(before.length, after.length),
    shiftMs: twoSampleShift(after, before),
    intervalMs: medianDifferenceInterval(after, before, { seed }),
    p: mannWhitney(after, before).pGreater,
  };
}
