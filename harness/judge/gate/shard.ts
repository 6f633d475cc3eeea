/** Which trials of a plan belong to which machine. Pure. */
import { LabError } from '../../errors.js';

/** `i` of `n`, 1-based, as in `--shard 2/3`. */
export interface Shard {
  i: number;
  n: number;
}

/** Reads `2/3`; throws WRONG_USE when it is not a shard. */
export function parseShard(text: string): Shard {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const shard = { i: Number(match?.[1]), n: Number(match?.[2]) };
  if (match && shard.i >= 1 && shard.i <= shard.n) return shard;
  throw new LabError('WRONG_USE', `'${text}' is not a shard`, {
    hint: 'Write i/n with 1 ≤ i ≤ n, for example --shard 2/3.',
  });
}

/**
 * Every n-th trial from the i-th on: shards are disjoint, together they are the plan, their sizes
 * differ by at most one, and a shuffled plan stays spread over the period within each.
 */
export function shardOf(trialIndexes: readonly number[], i: number, n: number): number[] {
  return trialIndexes.filter((_, position) => position % n === i - 1);
}
