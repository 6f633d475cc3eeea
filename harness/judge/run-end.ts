/** How a run ended, from the ends of all its trials. The order in which they ended decides nothing. */
import { type Reason, reason } from '../model/reason.js';
import type { TrialResult } from '../model/result.js';
import type { RunRecord } from './trial-record.js';

/** The user ended it: a trial was interrupted, or one was never begun. */
export function wasInterrupted({ end }: RunRecord, trials: readonly TrialResult[]): boolean {
  return (
    end?.reason === 'interrupted' || trials.some(({ invalid }) => invalid.some(isInterruption))
  );
}

function isInterruption(why: Reason): boolean {
  return (
    why.code === 'interrupted' || (why.code === 'trial-failed' && why.data.error === 'INTERRUPTED')
  );
}

/** Why the run as a whole proves less than it should: how it ended, and what it left behind. */
export function runDoubts(run: RunRecord, trials: readonly TrialResult[]): Reason[] {
  const names = run.end?.leftovers ?? [];
  return [
    ...endDoubts(run, trials),
    ...(names.length > 0 ? [reason('left-behind', { names })] : []),
  ];
}

/**
 * Records of older versions have the end of whichever trial came last as the end of the run. An error
 * that is a trial's belongs to that trial alone.
 */
function endDoubts(run: RunRecord, trials: readonly TrialResult[]): Reason[] {
  const { end } = run;
  if (!end) return [reason('history-cut-off', {})];
  if (wasInterrupted(run, trials)) return [reason('run-interrupted', {})];
  if (end.reason === 'completed') return [];
  const { error } = end;
  const ofTrial = run.trials.some(
    (trial) =>
      trial.end?.reason === 'failed' &&
      trial.end.error?.code === error?.code &&
      trial.end.error?.message === error?.message,
  );
  if (ofTrial) return [];
  return [reason('run-failed', { message: error?.message ?? null })];
}
