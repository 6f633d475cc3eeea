/**
 * Every case of a sweep once, then every case once more, and so on: the machine's drift hits all
 * alike, and a sweep that is ended early has seen every element before any of them twice. Pure.
 */
import type { RecordedRun } from '../store/read-run.js';
import { notBegun, type Strategy } from '../strategy.js';
import type { TrialPlan } from '../trial-plan.js';

/** @param plans Of all trials that are still to be run, in any order. */
export function sweep(plans: readonly TrialPlan[]): Strategy<RecordedRun | undefined> {
  const byRound = [...plans].sort((one, other) => one.index - other.index);
  return { next: (state) => notBegun(state, 0, byRound), outcome: ([run]) => run };
}
