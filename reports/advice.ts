/** What a user can do about a run that proves nothing because the machine was busy. Pure. */
import { machineBusy } from '../harness/judge/busy.js';
import type { RunResult } from '../harness/model/result.js';
import { sentenceOf } from './reasons/index.js';

/** One sentence; null where the machine's load does not explain the missing answer. */
export function busyAdvice(run: Pick<RunResult, 'verdict' | 'trials'>): string | null {
  const busy = machineBusy(run);
  return busy === null ? null : sentenceOf(busy);
}
