/**
 * The door for properties of a network that is hurt, in a Playwright or Vitest file:
 *
 *     import { check, failures } from 'failover-lab/search';
 *
 *     test('no two failures darken the network for 2 s', async () => {
 *       await check(failures('relay-failover-fast', { atOnce: 2 }), ({ trial }) => {
 *         expect(trial.network?.forward.outageAtLeastMs).toBeLessThan(2000);
 *       }, { budget: 20, seed: 3 });
 *     });
 *
 * Failures are drawn by the seed, weighted towards what was bad; what breaks the property is run
 * again, made simpler and written as a scenario file.
 */
export {
  type CheckOptions,
  check,
  type FailureOptions,
  type Failures,
  failures,
} from './api/check.js';
export type { SearchRun } from './api/search.js';
export type { CheckedTrial } from './api/search-request.js';
export { LabError } from './errors.js';
export type { FoundFailure, SearchResult } from './judge/search-result.js';
