/** How verdicts are joined and what a command ends with: each decided here and nowhere else. */
import { type ErrorCode, errorCodes, exitCodes } from '../errors.js';
import type { Reason } from '../model/reason.js';
import type { RunResult, TrialResult, Verdict } from '../model/result.js';

/** A gate has a fourth verdict. */
type AnyVerdict = Verdict | 'regression';

/** The worst first. What is known to be bad is never hidden by what is not known. */
const order = ['regression', 'fail', 'inconclusive', 'pass'] as const;

/**
 * One verdict of several, whatever their order: `fail` if there is one, else `inconclusive` if there
 * is one, else `pass`. Of gates, `regression` comes before all. Of none it is `pass`, the neutral one.
 */
export function combine<V extends AnyVerdict>(verdicts: Iterable<V>): V | 'pass' {
  const all = new Set<AnyVerdict>(verdicts);
  return (order.find((verdict) => all.has(verdict)) ?? 'pass') as V | 'pass';
}

/**
 * The exit code of a command with this verdict. An interruption by the user shows in the code (130)
 * unless something is known to be bad, which it cannot undo.
 */
export function exitCodeOfVerdict(verdict: AnyVerdict, interrupted = false): number {
  const bad = verdict === 'fail' || verdict === 'regression';
  return interrupted && !bad ? exitCodes.interrupted : exitCodes[verdict];
}

/** What a finished run's exit code follows from. */
type EndedRun = Pick<RunResult, 'verdict' | 'interrupted'> & {
  trials: ReadonlyArray<Pick<TrialResult, 'invalid'>>;
};

/**
 * The exit code of a run, the same for `run`, `report` and `merge`. A run none of whose trials got
 * as far as a measurement, because the machine lacks something or by an internal error, ends with the
 * code of that error: tried again, it would end the same.
 */
export function exitCodeOfRun({ verdict, interrupted, trials }: EndedRun): number {
  const code = exitCodeOfVerdict(verdict, interrupted);
  if (code !== exitCodes.inconclusive || trials.length === 0) return code;
  const errors = trials.map(({ invalid }) => invalid.map(errorExitOf));
  return (
    [exitCodes.internal, exitCodes.machineLacks].find((one) =>
      errors.every((each) => each.includes(one)),
    ) ?? code
  );
}

/** The exit code that a trial's failure leads to; undefined for every other reason. */
function errorExitOf(why: Reason): number | undefined {
  const error = why.code === 'trial-failed' ? why.data.error : null;
  return error !== null && Object.hasOwn(errorCodes, error)
    ? errorCodes[error as ErrorCode]
    : undefined;
}

/** A scenario that could not be begun: the exit code of its error (`harness/errors.ts`). */
export interface Refused {
  exitCode: number;
}

/**
 * The exit code of a command over several scenarios, of which some could not be begun: 1 if one
 * failed, 130 if the user ended it, the first error's code if one could not be begun, 2, or 0.
 */
export function exitCodeOfAll(
  verdicts: readonly AnyVerdict[],
  refused: readonly Refused[],
  interrupted = false,
): number {
  const code = exitCodeOfVerdict(combine(verdicts), interrupted);
  const yields = code === exitCodes.pass || code === exitCodes.inconclusive;
  return yields ? (refused[0]?.exitCode ?? code) : code;
}
