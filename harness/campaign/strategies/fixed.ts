/** Every trial of a plan, one after the other. Pure. */
import type { RecordedRun } from '../store/read-run.js';
import { notBegun, type Strategy } from '../strategy.js';
import type { TrialPlan } from '../trial-plan.js';

export function fixed(plans: readonly TrialPlan[]): Strategy<RecordedRun | undefined> {
  return { next: (state) => notBegun(state, 0, plans), outcome: ([run]) => run };
}
