/**
 * Several sides, each with a record of its own, in turn (A B C A B C), so that the machine's drift
 * hits all alike. Pure.
 */
import type { RecordedRun } from '../store/read-run.js';
import { notBegun, type Strategy } from '../strategy.js';
import type { TrialPlan } from '../trial-plan.js';

export function compare(
  sides: readonly (readonly TrialPlan[])[],
): Strategy<readonly RecordedRun[]> {
  const longest = Math.max(0, ...sides.map((plans) => plans.length));
  const inTurn = Array.from({ length: longest }, (_, turn) =>
    sides.flatMap((plans, record) => {
      const plan = plans[turn];
      return plan ? [{ record, plan }] : [];
    }),
  ).flat();
  return {
    next(state) {
      const left = sides.flatMap((plans, record) => notBegun(state, record, plans));
      const plansLeft = new Set(left.map(({ plan }) => plan));
      return inTurn.filter(({ plan }) => plansLeft.has(plan));
    },
    outcome: (runs) => runs,
  };
}
