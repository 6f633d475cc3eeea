/** Which trials a gate runs, so that they meet their own strata in the baseline. Pure. */
import type { Baseline } from './baseline.js';
import { minimumSeeds } from './trial-counts.js';

export interface GatePlan {
  /** Trials of the whole plan: what `--trials` must say, because it decides the phases. */
  trials: number;
  seed: number;
  /** Indexes of that plan to run first. */
  first: number[];
  /** Indexes to add once when the first give no answer; empty = none are left. */
  second: number[];
}

/**
 * A plan's phases depend on seed and number of trials, and its order is shuffled. So the first half
 * of the baseline's own plan is a random half of its strata, and doubling adds the rest.
 * Without a period nothing has to meet, and trials are simply added; in virtual time a trial meets
 * the one with its seed.
 */
export function gatePlan(baseline: Baseline, asked?: number): GatePlan {
  const { seed, plannedTrials, periodMs, environment } = baseline;
  const virtual = environment.clock === 'virtual';
  const trials = asked ?? (virtual ? minimumSeeds : 10);
  const whole = periodMs === null && !virtual ? 2 * trials : plannedTrials;
  const indexes = Array.from({ length: whole }, (_, index) => index);
  return {
    trials: whole,
    seed,
    first: indexes.slice(0, trials),
    second: indexes.slice(trials, 2 * trials),
  };
}
