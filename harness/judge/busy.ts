/** Whether a run proves nothing because the machine was busy. */
import { type Reason, reason } from '../model/reason.js';
import type { RunResult } from '../model/result.js';
import { isReplaceable, isValid } from '../model/trial-status.js';
import { tooManyUndecided } from './conclude.js';
import { usedByOthers } from './processor-use.js';

/** How it was; null where the machine's load does not explain the missing answer. */
export function machineBusy({
  verdict,
  trials,
}: Pick<RunResult, 'verdict' | 'trials'>): Reason | null {
  const disturbed = trials.filter(isReplaceable);
  const busy = disturbed.length;
  const invalid = trials.filter((trial) => !isValid(trial)).length;
  if (verdict !== 'inconclusive' || busy === 0) return null;
  if (!tooManyUndecided(invalid, trials.length)) return null;
  const replaced = trials.flatMap(({ attempts }) => attempts.filter(isReplaceable)).length;
  const [processors] = disturbed
    .flatMap((trial) => trial.processors ?? [])
    .sort((a, b) => usedByOthers(b) - usedByOthers(a));
  const counted = processors === undefined ? {} : { processors };
  return reason('machine-busy', { busy, trials: trials.length, replaced, ...counted });
}
