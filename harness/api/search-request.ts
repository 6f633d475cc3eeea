/** What a program asks of a search. */
import type { SearchedTrial } from '../judge/search-result.js';
import type { SearchObjective, SearchPlan } from '../model/failure-case.js';
import type { ScheduledFailure } from '../model/finding.js';
import type { HistoryEvent } from '../model/history/events.js';
import type { TrialResult } from '../model/result.js';
import type { FarmRequest, LabRequest } from './options.js';
/** What a property of a program gets: a trial, and the failures that it was given. */
export interface CheckedTrial {
  trial: TrialResult;
  schedule: readonly ScheduledFailure[];
  events: readonly HistoryEvent[];
}

export interface SearchRequest extends LabRequest, FarmRequest {
  /** Trials at the most, 2 to 1000. Left out: 40. */
  budget?: number;
  /** What makes a trial bad. Left out: `outage`. */
  objective?: SearchObjective;
  /** Classes of elements, or names of single ones. Left out: all. */
  elements?: readonly string[];
  /** Kinds of faults. Left out: all that fit. */
  faults?: readonly string[];
  /** Failures of one trial at the most, 1 to 6. Left out: 2. */
  atOnce?: number;
  /** When the last failure of a trial may begin, after the first one's moment, milliseconds. Left out: 4000. */
  horizonMs?: number;
  /** Trials that may go into making one finding simpler. Left out: 12. */
  simplifyMost?: number;
  /** Trials at the same time, each in a lab of its own. Left out: 1. */
  parallel?: number;
  /** What must hold of every trial; throws, or returns false, where it does not. Left out: nothing more. */
  property?: (trial: CheckedTrial) => unknown;
  /** Called before the first trial. */
  onPlan?: (plan: SearchPlan, options: number) => void;
  /** Called when a trial is over, with the number of findings so far. */
  onTrial?: (trial: SearchedTrial, findings: number) => void;
  /** Called when the record of the search to be continued was read. */
  onResume?: (done: number) => void;
}
