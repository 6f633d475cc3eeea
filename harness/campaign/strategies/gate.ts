/**
 * The first half of a baseline's plan, and the second half only when the first leaves a doubt. Each
 * half has a record of its own. Pure.
 */
import type { RecordedRun } from '../store/read-run.js';
import { notBegun, type Strategy } from '../strategy.js';
import type { TrialPlan } from '../trial-plan.js';

export interface GateRuns {
  parts: readonly RecordedRun[];
  /** The second half was run as well. */
  doubled: boolean;
}

/** @param leavesDoubt Asked of the first half when its record has its end. */
export function gate(
  first: readonly TrialPlan[],
  second: readonly TrialPlan[],
  leavesDoubt: (run: RecordedRun) => boolean,
): Strategy<GateRuns> {
  return {
    next(state) {
      const ofFirst = notBegun(state, 0, first);
      if (ofFirst.length > 0) return ofFirst;
      const ofSecond = notBegun(state, 1, second);
      const [record, added] = state.records;
      // Decided once: what the second half adds is not asked about.
      if (ofSecond.length === 0 || added) return ofSecond;
      return record?.ended && leavesDoubt(record.ended) ? ofSecond : [];
    },
    outcome: (parts) => ({ parts, doubled: parts.length > 1 }),
  };
}
