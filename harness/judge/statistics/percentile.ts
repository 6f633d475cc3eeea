/** What may be said about a high percentile, and from how many trials on. */
import { type Reading, readingOf, sortedRanked } from './censoring.js';

/**
 * Trials needed so that the largest of them is at or above the true quantile with the given
 * confidence: the smallest n with 1 - quantile^n >= confidence. 59 for the 95th percentile at 95 %.
 * Wilks, "Determination of sample sizes for setting tolerance limits" (1941).
 */
export function trialsForQuantile(quantile: number, confidence = 0.95): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(quantile));
}

export type PercentileClaim =
  | { claimed: true; quantile: number; atMostMs: Reading; confidence: number }
  | { claimed: false; quantile: number; neededTrials: number; largestMs: Reading; text: string };

/**
 * An upper 95 % confidence bound of a quantile: the smallest order statistic that lies above the
 * quantile with that confidence. With too few readings it is refused, and the largest one is
 * handed back as what it is. A censored bound is null.
 */
export function percentileClaim(readings: readonly Reading[], quantile = 0.95): PercentileClaim {
  const sorted = sortedRanked(readings);
  const n = sorted.length;
  const neededTrials = trialsForQuantile(quantile);
  const largestMs = n === 0 ? null : readingOf(sorted[n - 1] ?? Number.POSITIVE_INFINITY);
  if (n < neededTrials) {
    const name = `p${Math.round(quantile * 100)}`;
    const text = `${name} needs ${neededTrials} trials, but there are ${n}: only the largest observed value`;
    return { claimed: false, quantile, neededTrials, largestMs, text };
  }
  const rank = rankAbove(n, quantile, 0.95);
  const atMostMs = readingOf(sorted[rank.rank - 1] ?? Number.POSITIVE_INFINITY);
  return { claimed: true, quantile, atMostMs, confidence: rank.confidence };
}

/** Smallest r with P(B < r) >= level, B binomial(n, quantile): the r-th value bounds it. */
function rankAbove(n: number, quantile: number, level: number) {
  let probability = quantile ** n;
  let confidence = 1;
  let rank = n + 1;
  for (let fewer = n; fewer >= 0 && confidence - probability >= level; fewer -= 1) {
    confidence -= probability;
    rank = fewer;
    probability *= (fewer / (n - fewer + 1)) * ((1 - quantile) / quantile);
  }
  return { rank: Math.min(rank, n), confidence };
}
