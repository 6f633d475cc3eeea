/**
 * How a value that was never reached is ranked. A censored reading is `null`: larger than every
 * number, by an unknown amount. Rank methods need only its place, so it becomes +Infinity here and
 * `null` again on the way out.
 */

/** A reading in milliseconds, or null when the deadline came first. */
export type Reading = number | null;

/** The reading as a number that sorts where a censored value belongs. */
export function ranked(reading: Reading): number {
  return reading ?? Number.POSITIVE_INFINITY;
}

/** A ranked number as a reading again. */
export function readingOf(value: number): Reading {
  return Number.isFinite(value) ? value : null;
}

/** Ascending, censored readings last. */
export function sortedRanked(readings: readonly Reading[]): number[] {
  return readings.map(ranked).sort((a, b) => a - b);
}

/**
 * `now - before` where either may be censored: two censored readings do not differ (nothing says
 * which is longer), one alone differs by an infinite amount.
 */
export function differenceOf(now: Reading, before: Reading): number {
  if (now === null && before === null) return 0;
  return ranked(now) - ranked(before);
}

/** Mean of two numbers that may be infinite; opposite infinities say nothing and average to 0. */
export function midpoint(a: number, b: number): number {
  if (a === b) return a;
  const mean = (a + b) / 2;
  return Number.isNaN(mean) ? 0 : mean;
}

/** Median of an ascending, non-empty list that may hold infinities. */
export function medianOfSorted(sorted: ArrayLike<number>): number {
  const middle = (sorted.length - 1) / 2;
  const below = sorted[Math.floor(middle)];
  const above = sorted[Math.ceil(middle)];
  if (below === undefined || above === undefined) throw new RangeError('median of an empty list');
  return midpoint(below, above);
}
