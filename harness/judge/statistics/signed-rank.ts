/**
 * Wilcoxon's signed-rank test for paired strata, exact. Conditions: pairs independent of one
 * another, and under the null hypothesis each difference is as likely to be positive as negative
 * (which swapping the two arms of a pair guarantees). Wilcoxon, "Individual comparisons by ranking
 * methods" (1945).
 */
import { midRanks } from './mid-ranks.js';

export interface SignedRankResult {
  /** W+: the sum of the ranks of |d| over the positive differences. */
  statistic: number;
  /** Pairs that differ; zeros are dropped, as Wilcoxon did. */
  n: number;
  /** P(W+ >= statistic) when nothing changed: small means `now` is larger. 1 if no pair differs. */
  pGreater: number;
  /** P(W+ <= statistic). */
  pLess: number;
  /** Smallest p these pairs could have given: 2^-n. */
  smallestP: number;
}

/** Tail probabilities of W+ given the ranks that signs are attached to. */
export interface SignedRankTail {
  atLeast(statistic: number): number;
  atMost(statistic: number): number;
}

/**
 * One-sided exact test over all 2^n sign patterns. Ties of |d| get mid-ranks and the distribution is
 * conditional on them, so it stays exact; infinite differences (one arm censored) tie at the top.
 */
export function signedRankTest(differences: readonly number[]): SignedRankResult {
  const nonZero = differences.filter((difference) => difference !== 0);
  const { ranks } = midRanks(nonZero.map(Math.abs));
  const statistic = ranks.reduce(
    (sum, rank, index) => ((nonZero[index] ?? 0) > 0 ? sum + rank : sum),
    0,
  );
  const tail = signedRankTail(ranks);
  return {
    statistic,
    n: nonZero.length,
    pGreater: tail.atLeast(statistic),
    pLess: tail.atMost(statistic),
    smallestP: 0.5 ** nonZero.length,
  };
}

/**
 * The null distribution by dynamic programming: one step per rank, each taken or left with
 * probability 1/2. Mid-ranks are halves, so sums are kept doubled to stay whole.
 */
export function signedRankTail(ranks: readonly number[]): SignedRankTail {
  const doubled = ranks.map((rank) => Math.round(rank * 2));
  const largest = doubled.reduce((sum, rank) => sum + rank, 0);
  const probability = new Float64Array(largest + 1);
  probability[0] = 1;
  for (const rank of doubled) {
    for (let sum = largest; sum >= 0; sum -= 1) {
      const taken = sum >= rank ? (probability[sum - rank] ?? 0) : 0;
      probability[sum] = ((probability[sum] ?? 0) + taken) / 2;
    }
  }
  const between = (low: number, high: number) =>
    Math.min(
      1,
      probability.subarray(Math.max(low, 0), high + 1).reduce((sum, p) => sum + p, 0),
    );
  return {
    atLeast: (statistic) => between(Math.round(statistic * 2), largest),
    atMost: (statistic) => between(0, Math.round(statistic * 2)),
  };
}
