/** What a user can do about a run that proves nothing because the machine was busy. Pure. */
import { tooManyUndecided } from '../harness/judge/conclude.js';
import type { RunResult } from '../harness/model/result.js';
import { isReplaceable, isValid } from '../harness/model/trial-status.js';

/** One sentence; null where the machine's load does not explain the missing answer. */
export function busyAdvice({ verdict, trials }: Pick<RunResult, 'verdict' | 'trials'>) {
  const busy = trials.filter(isReplaceable).length;
  const invalid = trials.filter((trial) => !isValid(trial)).length;
  if (verdict !== 'inconclusive' || busy === 0) return null;
  if (!tooManyUndecided(invalid, trials.length)) return null;
  const replaced = trials.flatMap(({ attempts }) => attempts.filter(isReplaceable)).length;
  const after =
    replaced === 0 ? '' : ` after ${replaced} ${replaced === 1 ? 'was' : 'were'} replaced`;
  return (
    `${busy} of ${trials.length} trials ${busy === 1 ? 'is' : 'are'} invalid${after} because this ` +
    'machine was too busy; run again on a quiet machine, with --parallel 1, or with lower rates'
  );
}
