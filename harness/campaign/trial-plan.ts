/** One trial as it is planned, and how it ended. */
import type { HistoryEvent } from '../model/history/events.js';
import type { ResolvedScenario } from '../model/resolved.js';
import type { TrialResult } from '../model/result.js';
import type { RunEnd } from './lost-runner.js';

export interface TrialPlan {
  scenario: ResolvedScenario;
  /** Place among all trials of the run, from 0. */
  index: number;
  /** Left out: the first attempt, 0. */
  attempt?: number;
  seed: number;
  stratum: number | null;
  phaseOffsetMs: number | null;
}

export interface TrialOutcome extends RunEnd {
  /** Invalid for the machine's sake: run again, it may be valid. */
  replaceable: boolean;
  /** What was recorded of it, judged; left out: nothing was. */
  judged?: { result: TrialResult; events: readonly HistoryEvent[] };
}

/** Where in the record the events of a trial are. */
export function placeOf({ index, attempt = 0 }: TrialPlan): { trial: number; attempt?: number } {
  return attempt > 0 ? { trial: index, attempt } : { trial: index };
}
