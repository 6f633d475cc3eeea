/** Ranks 1..n in ascending order; equal values share the mean of the ranks they span. */
export interface MidRanks {
  /** Rank of each value, in the order the values were given. */
  ranks: number[];
  /** Sizes of the groups of equal values that have more than one member. */
  tieSizes: number[];
}

/** Infinities are allowed and tie with their like. */
export function midRanks(values: readonly number[]): MidRanks {
  const order = values.map((value, index) => ({ value, index })).sort(byValue);
  const ranks = new Array<number>(values.length).fill(0);
  const tieSizes: number[] = [];
  let start = 0;
  while (start < order.length) {
    let end = start;
    while (end + 1 < order.length && order[end + 1]?.value === order[start]?.value) end += 1;
    for (const { index } of order.slice(start, end + 1)) ranks[index] = (start + end) / 2 + 1;
    if (end > start) tieSizes.push(end - start + 1);
    start = end + 1;
  }
  return { ranks, tieSizes };
}

function byValue(a: { value: number }, b: { value: number }): number {
  return a.value === b.value ? 0 : a.value - b.value;
}
