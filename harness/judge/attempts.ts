/** Which attempt at a trial counts, and what is kept of the others. */
import type { Attempt, TrialResult, UncountedAttempt } from '../model/result.js';
import { isValid } from '../model/trial-status.js';

/** One trial each of all attempts: the first valid attempt counts, else the last one. */
export function withAttempts<T extends { result: TrialResult }>(judged: readonly T[]): T[] {
  const inOrder = judged.toSorted(
    ({ result: a }, { result: b }) => a.index - b.index || a.attempt - b.attempt,
  );
  const indexes = new Set(inOrder.map(({ result }) => result.index));
  return [...indexes].flatMap((index) => {
    const attempts = inOrder.filter(({ result }) => result.index === index);
    const counting = attempts.find(({ result }) => isValid(result)) ?? attempts.at(-1);
    if (!counting) return [];
    const others = attempts.filter((one) => one !== counting).map(({ result }) => brief(result));
    return [{ ...counting, result: { ...counting.result, attempts: others } }];
  });
}

/** Every attempt that does not count, with the first of its reasons. */
export function uncountedAttempts(trials: readonly TrialResult[]): UncountedAttempt[] {
  return trials.flatMap(({ index, attempts }) =>
    attempts.map(({ attempt, status, reasons }) => ({
      ...{ index, attempt, status },
      ...{ attempts: attempts.length + 1, reason: reasons[0] ?? null },
    })),
  );
}

function brief({ attempt, status, verdict, reasons, invalid }: TrialResult): Attempt {
  return { attempt, status, verdict, reasons, invalid };
}
