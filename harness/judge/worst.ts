/** Which of several is the worst: decided here and nowhere else. */

/** Highest first: the first number decides, then the next. */
export type Rank = readonly number[];

/** Of an interruption. What never ended, or only by a heal, ranks above every number. */
export function rankOf(atLeast: number, censored: boolean): Rank {
  return [censored ? 1 : 0, atLeast];
}

/** The first of those that rank highest; null of none. */
export function worstBy<T>(all: readonly T[], rank: (one: T) => Rank): T | null {
  return all.reduce<T | null>(
    (worst, one) => (worst === null || isHigher(rank(one), rank(worst)) ? one : worst),
    null,
  );
}

function isHigher(a: Rank, b: Rank): boolean {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0);
}
