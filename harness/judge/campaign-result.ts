/** What the results of a sweep and of a search take over from the run in which they are recorded. */
import type { RunResult } from '../model/result.js';

type OfRun =
  | 'scenario'
  | 'question'
  | 'controller'
  | 'seed'
  | 'wallTime'
  | 'command'
  | 'environment';

export interface CampaignResult extends Pick<RunResult, OfRun> {
  verdict: RunResult['verdict'];
  interrupted: boolean;
  /** Why the campaign as a whole proves less than it should. */
  doubts: RunResult['doubts'];
}
