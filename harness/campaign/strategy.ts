/** Which trials come next. Every way of choosing them is one file of strategies/. */
import type { JudgedRun } from '../model/result.js';
import type { RecordedRun } from './store/read-run.js';
import type { TrialOutcome, TrialPlan } from './trial-plan.js';

/** One trial that is to be run, and for which record. */
export interface TrialOrder {
  /** Place of the record among those of the campaign, from 0. */
  record: number;
  plan: TrialPlan;
}

export interface BegunTrial extends TrialOrder {
  /** Null while it is under way. */
  outcome: TrialOutcome | null;
}

/** One record as far as it is made. */
export interface RecordSoFar {
  /** When its end is written; null before: further trials go into it. */
  ended: RecordedRun | null;
  /** All of it, judged now. */
  judged(): JudgedRun;
}

/** What is known when the next trial is to be chosen. */
export interface CampaignState {
  /** Every trial that was begun, in order. One that is to be run again is not among them. */
  begun: readonly BegunTrial[];
  /** In order; null where no trial was begun. */
  records: readonly (RecordSoFar | null)[];
}

/** A way of choosing trials. `Outcome` is what comes of all records, in their order. */
export interface Strategy<Outcome> {
  /**
   * The trials that are still to be run, in order, as of now; asked before each. None while others
   * are under way: wait for them. None when nothing is: records are ended, and it is asked once more;
   * then the campaign is over. Pure.
   */
  next(state: CampaignState): readonly TrialOrder[];
  /** Pure. @param runs Of the records that were begun. */
  outcome(runs: readonly RecordedRun[]): Outcome;
}

/** The plans of a record of which no trial was begun. Pure. */
export function notBegun(
  { begun }: CampaignState,
  record: number,
  plans: readonly TrialPlan[],
): TrialOrder[] {
  const taken = new Set(begun.filter((one) => one.record === record).map(({ plan }) => plan.index));
  return plans.filter(({ index }) => !taken.has(index)).map((plan) => ({ record, plan }));
}
