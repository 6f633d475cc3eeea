/**
 * Statistics of recovery times: one method a file, each with its source and its conditions. By hand:
 * no kept library for Node ranks readings that are only known to be longer than a bound.
 */
export { type BootstrapOptions, medianDifferenceInterval } from './bootstrap.js';
export { differenceOf, type Reading, ranked } from './censoring.js';
export { type ChangePoint, type ChangePointOptions, changePoints } from './change-point.js';
export { pairedShift, type Shift, twoSampleShift } from './hodges-lehmann.js';
export { type MannWhitneyResult, mannWhitney } from './mann-whitney.js';
export {
  coverageOfRank,
  intervalRanks,
  type MedianInterval,
  medianWithInterval,
} from './median-interval.js';
export { type PercentileClaim, percentileClaim, trialsForQuantile } from './percentile.js';
export { type RandomSource, seededRandom } from './random.js';
export { type SignedRankResult, signedRankTest } from './signed-rank.js';
