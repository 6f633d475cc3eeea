/** Interval of a median difference by resampling, where no exact distribution is at hand. */
import { sampleWithReplacement } from 'simple-statistics';
import { medianOfSorted } from './censoring.js';
import { seededRandom } from './random.js';

export interface BootstrapOptions {
  seed: number;
  level?: number;
  /** Resamples drawn; the ends of a 95 % interval then rest on 2.5 % of them each. */
  resamples?: number;
}

/**
 * Percentile bootstrap interval of median(now) - median(before) for independent arms. Efron and
 * Tibshirani, An Introduction to the Bootstrap, chapter 13. Infinite (censored) values are allowed;
 * two infinite medians count as no difference. Reliable from about ten values an arm. Neither arm
 * may be empty.
 */
export function medianDifferenceInterval(
  now: readonly number[],
  before: readonly number[],
  options: BootstrapOptions,
): [number, number] {
  const { level = 0.95, resamples = 2000 } = options;
  const random = seededRandom(options.seed);
  const [pool, poolBefore] = [[...now], [...before]];
  const differences = new Float64Array(resamples);
  for (let index = 0; index < resamples; index += 1) {
    const a = medianOf(sampleWithReplacement(pool, pool.length, random));
    const b = medianOf(sampleWithReplacement(poolBefore, poolBefore.length, random));
    differences[index] = a === b ? 0 : a - b;
  }
  differences.sort();
  const outside = Math.floor((resamples * (1 - level)) / 2);
  return [differences[outside] ?? Number.NaN, differences[resamples - 1 - outside] ?? Number.NaN];
}

function medianOf(values: number[]): number {
  return medianOfSorted(Float64Array.from(values).sort());
}
