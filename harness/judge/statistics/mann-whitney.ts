/**
 * Mann and Whitney's U test for two independent arms. Conditions: independent values, and under the
 * null hypothesis both arms have one distribution. "On a test of whether one of two random variables
 * is stochastically larger than the other" (1947).
 */
import { midRanks } from './mid-ranks.js';
import { normalUpperTail } from './normal.js';

export interface MannWhitneyResult {
  /** U of the first arm (R calls it W): pairs in which it is larger, equal ones counted half. */
  statistic: number;
  method: 'exact' | 'normal';
  /** One-sided: small means the first arm is larger. */
  pGreater: number;
  pLess: number;
  pTwoSided: number;
}

/** Below this many values in each arm, and without ties, the distribution is computed exactly. */
const exactBelow = 50;

/**
 * Exact for small arms without ties, else the normal approximation with tie correction of the
 * variance and continuity correction of 1/2: the choices of R's `wilcox.test`. Infinite (censored)
 * values are ties among themselves. Neither arm may be empty.
 */
export function mannWhitney(
  first: readonly number[],
  second: readonly number[],
): MannWhitneyResult {
  const m = first.length;
  const n = second.length;
  if (m === 0 || n === 0) throw new RangeError('Mann-Whitney needs values in both arms');
  const { ranks, tieSizes } = midRanks([...first, ...second]);
  const rankSum = ranks.slice(0, m).reduce((sum, rank) => sum + rank, 0);
  const statistic = rankSum - (m * (m + 1)) / 2;
  if (tieSizes.length === 0 && m < exactBelow && n < exactBelow) return exact(statistic, m, n);
  return approximate(statistic, m, n, tieSizes);
}

function exact(statistic: number, m: number, n: number): MannWhitneyResult {
  const probability = distributionOfU(m, n);
  const sum = (low: number, high: number) =>
    probability.subarray(low, high + 1).reduce((total, p) => total + p, 0);
  const pGreater = Math.min(1, sum(statistic, m * n));
  const pLess = Math.min(1, sum(0, statistic));
  const pTwoSided = Math.min(1, 2 * Math.min(pGreater, pLess));
  return { statistic, method: 'exact', pGreater, pLess, pTwoSided };
}

/**
 * P(U = u) for u = 0..mn. Values are drawn from the smallest up; while i of the first arm and j of
 * the second remain, the next one belongs to the first arm with probability i / (i + j). A value of
 * the first arm adds the number of values of the second that lie below it.
 */
export function distributionOfU(m: number, n: number): Float64Array {
  let byTaken: Float64Array[] = [unit(m * n + 1)];
  for (let drawn = 0; drawn < m + n; drawn += 1) {
    const next: Float64Array[] = [];
    for (let taken = 0; taken <= Math.min(m, drawn); taken += 1) {
      const current = byTaken[taken];
      const below = drawn - taken;
      if (!current || below > n) continue;
      const chance = (m - taken) / (m + n - drawn);
      add(next, taken + 1, current, below, chance);
      add(next, taken, current, 0, 1 - chance);
    }
    byTaken = next;
  }
  return byTaken[m] ?? unit(1);
}

function unit(length: number): Float64Array {
  const values = new Float64Array(length);
  values[0] = 1;
  return values;
}

function add(
  into: Float64Array[],
  slot: number,
  from: Float64Array,
  offset: number,
  factor: number,
): void {
  if (factor <= 0) return;
  const target = into[slot] ?? new Float64Array(from.length);
  into[slot] = target;
  for (let u = 0; u + offset < from.length; u += 1) {
    target[u + offset] = (target[u + offset] ?? 0) + factor * (from[u] ?? 0);
  }
}

function approximate(
  statistic: number,
  m: number,
  n: number,
  tieSizes: readonly number[],
): MannWhitneyResult {
  const total = m + n;
  const tied = tieSizes.reduce((sum, size) => sum + (size ** 3 - size), 0);
  const variance = ((m * n) / 12) * (total + 1 - tied / (total * (total - 1)));
  const centred = statistic - (m * n) / 2;
  if (variance <= 0) {
    return { statistic, method: 'normal', pGreater: 1, pLess: 1, pTwoSided: 1 };
  }
  const spread = Math.sqrt(variance);
  const pTwoSided = 2 * normalUpperTail((Math.abs(centred) - 0.5) / spread);
  return {
    statistic,
    method: 'normal',
    pGreater: normalUpperTail((centred - 0.5) / spread),
    pLess: normalUpperTail((-centred - 0.5) / spread),
    pTwoSided: Math.min(1, pTwoSided),
  };
}
