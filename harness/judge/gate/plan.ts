/** Which trials a gate runs, so that they meet their own strata in the baseline. Pure. */
import type { Baseline } from './baseline.js';

export interface GatePlan {
  /** Trials of the whole plan: what `--trials` must say, because it decides the phases. */
  trials: number;
  seed: number;
  /** Indexes of that plan to run first. */
  first: number[];
  /** Indexes to add once when the first give no answer; empty = none are left. */
  second: number[];
}

/** A baseline of this many planned trials leaves a gate of ten its second ten. */
export const baselineTrials = 20;

/**
 * A plan's phases depend on seed and number of trials, and its order is shuffled. So the first half
 * of the baseline's own plan is a random half of its strata, and doubling goes on with the rest.
 * Without a period nothing has to meet, and trials are simply added.
 */
export function gatePlan(baseline: Baseline, trials = 10): GatePlan {
  const { seed, plannedTrials, periodMs } = baseline;
  const whole = periodMs === null ? 2 * trials : plannedTrials;
  const indexes = Array.from({ length: whole }, (_, index) => index);
  return {
    trials: whole,
    seed,
    first: indexes.slice(0, trials),
    second: indexes.slice(trials, 2 * trials),
  };
}
