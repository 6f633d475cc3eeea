/** The median and how well this many trials pin it down. */
import { medianOfSorted, type Reading, readingOf, sortedRanked } from './censoring.js';

export interface MedianInterval {
  n: number;
  /** How many of the readings are censored. */
  censored: number;
  min: Reading;
  median: Reading;
  max: Reading;
  /** A bound that falls on a censored reading is null; the whole is null below six readings. */
  ci95: [Reading, Reading] | null;
  /** Ranks (1-based) of the two bounds in the sorted readings. */
  ranks: [number, number] | null;
  /** Exact coverage of that interval, at least .95. */
  coverage: number | null;
}

/**
 * Chance that the k-th smallest and k-th largest of n readings enclose the true median:
 * 1 - 2 P(B < k), B binomial(n, 1/2). Holds for every continuous distribution; with ties it is a
 * lower bound. David and Nagaraja, Order Statistics, 3rd edition, section 7.1.
 */
export function coverageOfRank(n: number, k: number): number {
  let probability = 0.5 ** n;
  let below = 0;
  for (let successes = 0; successes < k; successes += 1) {
    below += probability;
    probability *= (n - successes) / (successes + 1);
  }
  return 1 - 2 * below;
}

/** Ranks of the narrowest symmetric interval with at least `level` coverage; null if none. */
export function intervalRanks(n: number, level = 0.95): [number, number] | null {
  let k = 0;
  while (k + 1 <= n / 2 && coverageOfRank(n, k + 1) >= level) k += 1;
  return k === 0 ? null : [k, n + 1 - k];
}

/**
 * Median, extremes and the order-statistic confidence interval of the median. `null` readings are
 * censored: they rank above every number and are never dropped. An empty list gives nulls.
 */
export function medianWithInterval(readings: readonly Reading[]): MedianInterval {
  const sorted = sortedRanked(readings);
  const n = sorted.length;
  const at = (rank: number): Reading => readingOf(sorted[rank - 1] ?? Number.POSITIVE_INFINITY);
  const ranks = intervalRanks(n);
  return {
    n,
    censored: readings.filter((reading) => reading === null).length,
    min: n === 0 ? null : at(1),
    median: n === 0 ? null : readingOf(medianOfSorted(sorted)),
    max: n === 0 ? null : at(n),
    ci95: ranks && [at(ranks[0]), at(ranks[1])],
    ranks,
    coverage: ranks && coverageOfRank(n, ranks[0]),
  };
}
