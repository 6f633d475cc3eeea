/** The trials of a search, what came of each, and what was found. */
import type { Evidence } from '../../model/finding.js';
import type { Schedule } from '../space/schedule.js';

export type Purpose = 'explore' | 'replay' | 'simplify' | 'verify';

export interface SearchTrial {
  index: number;
  purpose: Purpose;
  schedule: Schedule;
  /** Of which finding, from 0; null while exploring. */
  finding: number | null;
}

/** What came of a trial, as far as the search asks. */
export interface SearchOutcome {
  /** How bad it was, by the objective; more is worse. */
  score: number;
  evidence: readonly Evidence[];
  /** Nodes that carry the traffic since the failures; left out: none are known. */
  tookOver?: readonly string[];
  /** It proves nothing: neither for nor against a finding. */
  invalid: boolean;
  /** A trial of the same schedule made another record, though its clock is virtual. */
  differs?: Evidence;
}

export interface SearchFinding {
  evidence: Evidence;
  /** As simple as it could be made. */
  schedule: Schedule;
  /**
   * `confirmed`: it was seen again; `unstable`: it was not; `unverified`: the budget ended before.
   */
  state: 'confirmed' | 'unstable' | 'unverified';
  /** The trial that found it, those that ran it again, and the one of the simplest schedule. */
  found: number;
  replays: number[];
  shown: number;
  /** Failures of the schedule that was found first. */
  foundWith: number;
  /** Later trials that showed the same. */
  seenAgain: number[];
}

export interface SearchSettings {
  seed: number;
  /** Trials of the whole search. */
  budget: number;
  /** Trials that may go into making one finding simpler. */
  simplifyMost: number;
}
