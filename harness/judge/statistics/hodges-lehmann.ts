/**
 * By how much one arm differs from another, without assuming a distribution. Hodges and Lehmann,
 * "Estimates of location based on rank tests" (Annals of Mathematical Statistics 34, 1963).
 */
import { medianOfSorted, midpoint } from './censoring.js';
import { signedRankTail } from './signed-rank.js';

export interface Shift {
  /** Median of the pairwise estimates, in the unit of the input; infinite when most are censored. */
  shift: number;
  /** Confidence interval from the exact distribution of the matching test; null if too few. */
  interval: [number, number] | null;
  coverage: number | null;
}

/** All (d_i + d_j) / 2 with i <= j, ascending. Infinite differences are allowed. */
export function walshAverages(differences: readonly number[]): number[] {
  const averages = differences.flatMap((first, index) =>
    differences.slice(index).map((second) => midpoint(first, second)),
  );
  return averages.sort((a, b) => (a === b ? 0 : a - b));
}

/**
 * Shift of paired differences: the median of their Walsh averages (the pseudomedian). The interval
 * runs from the k-th smallest to the k-th largest average, k from the exact null distribution of the
 * signed-rank statistic without ties (Hollander and Wolfe, section 3.2-3.3); zeros are kept.
 * The differences must not be empty.
 */
export function pairedShift(differences: readonly number[], level = 0.95): Shift {
  const averages = walshAverages(differences);
  const shift = medianOfSorted(averages);
  const tail = signedRankTail(differences.map((_, index) => index + 1));
  const { k, coverage } = symmetricRank(averages.length, (below) => tail.atMost(below), level);
  if (k === 0) return { shift, interval: null, coverage: null };
  return { shift, interval: enclose(averages, k), coverage };
}

/**
 * Shift of `now` against `before`, unpaired: the median of all differences now_i - before_j.
 * It estimates the median difference between one value of each arm, which is not the difference of
 * the medians unless both arms have one shape. Neither list may be empty.
 */
export function twoSampleShift(now: readonly number[], before: readonly number[]): number {
  const differences = now.flatMap((a) => before.map((b) => (a === b ? 0 : a - b)));
  return medianOfSorted(differences.sort((a, b) => (a === b ? 0 : a - b)));
}

/** Largest k with 1 - 2 P(statistic <= k - 1) >= level. */
export function symmetricRank(
  count: number,
  probabilityAtMost: (statistic: number) => number,
  level: number,
): { k: number; coverage: number } {
  let k = 0;
  let coverage = 1;
  while (k + 1 <= count / 2) {
    const next = 1 - 2 * probabilityAtMost(k);
    if (next < level) break;
    k += 1;
    coverage = next;
  }
  return { k, coverage };
}

function enclose(sorted: readonly number[], k: number): [number, number] {
  return [sorted[k - 1] ?? Number.NaN, sorted[sorted.length - k] ?? Number.NaN];
}
