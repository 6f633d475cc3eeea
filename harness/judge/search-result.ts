/** What a search comes to, as data: `search.json`. */
import type { SearchPlan } from '../model/failure-case.js';
import type { Evidence, ScheduledFailure } from '../model/finding.js';
import type { Verdict } from '../model/result.js';
import type { CampaignResult } from './campaign-result.js';

export const searchResultVersion = 1;

export interface FoundFailure {
  /** From 1. */
  number: number;
  evidence: Evidence;
  /** As simple as the search could make it. */
  schedule: readonly ScheduledFailure[];
  /**
   * `confirmed`: it was seen again; `unstable`: it was not, and both records are kept;
   * `unverified`: the budget ended before.
   */
  state: 'confirmed' | 'unstable' | 'unverified';
  /** Failures of the schedule that showed it first. */
  foundWith: number;
  /** Indexes of trials of the run. */
  trials: { found: number; replays: number[]; shown: number; again: number[] };
  /** Name of its scenario file in the search's folder, and what runs it; null: none was written. */
  file: string | null;
  command: string[] | null;
}

export interface SearchedTrial {
  index: number;
  purpose: 'explore' | 'replay' | 'simplify' | 'verify';
  finding: number | null;
  schedule: readonly ScheduledFailure[];
  verdict: Verdict;
  valid: boolean;
  /** Lower bound of the worst outage, and whether it ended by itself; null: not measured. */
  outageMs: number | null;
  ended: boolean;
  score: number;
  /** What it showed. */
  evidence: Evidence['kind'][];
}

/** Its verdict is `fail` with a finding, `inconclusive` where no trial was valid, or it was interrupted. */
export interface SearchResult extends CampaignResult {
  schemaVersion: typeof searchResultVersion;
  plan: SearchPlan;
  /** Ways in which single elements can fail, of which schedules were drawn. */
  options: number;
  findings: FoundFailure[];
  trials: SearchedTrial[];
  /** The valid trial that was worst by the objective. */
  worst: SearchedTrial | null;
}
