/**
 * Where a series of medians changed its level: E-divisive with a permutation test. Matteson and
 * James, "A nonparametric approach for multiple change point analysis of multivariate data" (Journal
 * of the American Statistical Association 109, 2014), with exponent 1.
 */
import { shuffle } from 'simple-statistics';
import { seededRandom } from './random.js';

export interface ChangePoint {
  /** First position of the new level. */
  index: number;
  /** Energy statistic of the split. */
  statistic: number;
  /** Share of permutations with a split at least as strong, counting the data itself. */
  p: number;
}

export interface ChangePointOptions {
  seed: number;
  significance?: number;
  /** Values required on either side of a split. */
  minimumSize?: number;
  permutations?: number;
}

interface Split {
  index: number;
  statistic: number;
}

/**
 * Change points in ascending order. Values are finite and independent under the null hypothesis of
 * one distribution; a series shorter than twice `minimumSize` has none. Splits are looked for one at
 * a time, the strongest first, until one is not significant.
 */
export function changePoints(
  values: readonly number[],
  options: ChangePointOptions,
): ChangePoint[] {
  const { significance = 0.05, minimumSize = 5, permutations = 199 } = options;
  const random = seededRandom(options.seed);
  const found: ChangePoint[] = [];
  for (;;) {
    const clusters = clustersOf(values, found);
    const best = strongest(clusters, minimumSize);
    if (!best) return sortByIndex(found);
    let atLeastAsStrong = 1;
    for (let count = 0; count < permutations; count += 1) {
      const shuffled = clusters.map((one) => ({ ...one, values: shuffle(one.values, random) }));
      const rival = strongest(shuffled, minimumSize);
      if (rival && rival.statistic >= best.statistic) atLeastAsStrong += 1;
    }
    const p = atLeastAsStrong / (permutations + 1);
    if (p > significance) return sortByIndex(found);
    found.push({ ...best, p });
  }
}

interface Cluster {
  start: number;
  values: number[];
}

function clustersOf(values: readonly number[], found: readonly ChangePoint[]): Cluster[] {
  const starts = [0, ...sortByIndex(found).map((point) => point.index)];
  return starts.map((start, at) => ({ start, values: values.slice(start, starts[at + 1]) }));
}

function sortByIndex(points: readonly ChangePoint[]): ChangePoint[] {
  return [...points].sort((a, b) => a.index - b.index);
}

function strongest(clusters: readonly Cluster[], minimumSize: number): Split | null {
  let best: Split | null = null;
  for (const cluster of clusters) {
    const split = bestSplit(cluster.values, minimumSize);
    if (split && (!best || split.statistic > best.statistic)) {
      best = { index: cluster.start + split.index, statistic: split.statistic };
    }
  }
  return best;
}

/**
 * The split of one series with the largest energy statistic
 * mn/(m+n) * (2 mean|x-y| - mean|x-x'| - mean|y-y'|). Moving one value across the split changes the
 * three sums by its distances to both sides, so all splits cost O(n^2) together.
 */
export function bestSplit(values: readonly number[], minimumSize: number): Split | null {
  const n = values.length;
  if (n < 2 * minimumSize) return null;
  let within = { left: 0, right: 0 };
  let across = 0;
  for (let i = 0; i < n; i += 1) within.right += distances(values, i, i + 1, n);
  let best: Split | null = null;
  for (let split = 1; split <= n - minimumSize; split += 1) {
    const toLeft = distances(values, split - 1, 0, split - 1);
    const toRight = distances(values, split - 1, split, n);
    within = { left: within.left + toLeft, right: within.right - toRight };
    across += toRight - toLeft;
    if (split < minimumSize) continue;
    const statistic = energy(split, n - split, across, within);
    if (!best || statistic > best.statistic) best = { index: split, statistic };
  }
  return best;
}

function distances(values: readonly number[], of: number, from: number, to: number): number {
  const value = values[of] ?? 0;
  let sum = 0;
  for (let index = from; index < to; index += 1) sum += Math.abs(value - (values[index] ?? 0));
  return sum;
}

function energy(m: number, n: number, across: number, within: { left: number; right: number }) {
  const pairs = (count: number) => Math.max(1, (count * (count - 1)) / 2);
  const mean = (2 * across) / (m * n) - within.left / pairs(m) - within.right / pairs(n);
  return ((m * n) / (m + n)) * mean;
}
