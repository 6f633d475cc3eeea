/** Over which trials a figure is, and what became of attempts that do not count. Pure. */

import { uncountedAttempts } from '../harness/judge/attempts.js';
import type { RunResult, UncountedAttempt } from '../harness/model/result.js';
import { isReplaceable, validTrials } from '../harness/model/trial-status.js';
import { formatCounted } from './format.js';
import { sentenceOf } from './reasons/index.js';

/** `10 trials`, or `9 valid of 10 trials`. */
export function overTrials(counted: number, trials: number): string {
  return counted === trials
    ? formatCounted(trials, 'trial')
    : `${counted} valid of ${formatCounted(trials, 'trial')}`;
}

/** `10 valid of 10 trials, 2 replaced, 1 resumed`; null when every trial had one attempt. */
export function attemptsSentence({ trials }: Pick<RunResult, 'trials'>): string | null {
  const all = trials.flatMap(({ attempts }) => attempts);
  if (all.length === 0) return null;
  const replaced = all.filter(isReplaceable).length;
  const resumed = all.length - replaced;
  return [
    `${validTrials(trials).length} valid of ${formatCounted(trials.length, 'trial')}`,
    ...(replaced > 0 ? [`${replaced} replaced`] : []),
    ...(resumed > 0 ? [`${resumed} resumed`] : []),
  ].join(', ');
}

/** A line for each attempt that does not count. */
export function attemptLines({ trials }: Pick<RunResult, 'trials'>): string[] {
  return uncountedAttempts(trials).map(attemptText);
}

/** One attempt that does not count, with the first of its reasons. */
export function attemptText({
  index,
  attempt,
  attempts,
  status,
  reason,
}: UncountedAttempt): string {
  const of = `trial ${index + 1}, attempt ${attempt + 1} of ${attempts}`;
  return `${of}, not counted: ${status}${reason === null ? '' : `, ${sentenceOf(reason)}`}`;
}
