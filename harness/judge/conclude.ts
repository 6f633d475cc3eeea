/** From the verdicts of trials to that of their run, whether it was recorded in one part or several. */

import { type Reason, type ReasonData, reason } from '../model/reason.js';
import type { RunPlan, TrialResult, Verdict } from '../model/result.js';
import { combine } from './combine.js';
import { thresholds } from './thresholds.js';

/** What is known of a run beside its trials. */
export interface RunFacts {
  /** Null where an older result does not record it. */
  plan: RunPlan | null;
  /** Why the run as a whole, and not a trial of it, proves less than it should. */
  doubts: readonly Reason[];
}

export interface Conclusion {
  verdict: Verdict;
  reasons: Reason[];
}

/**
 * A run fails with any valid trial that fails; it needs enough trials with an answer to pass. The
 * order of trials decides nothing. `counted`: what is counted of the planned trials.
 */
export function concludeRun(
  { plan, doubts }: RunFacts,
  trials: readonly TrialResult[],
  counted: ReasonData<'trials-missing'>['counted'] = 'started',
): Conclusion {
  const inOrder = [...trials].sort((a, b) => a.index - b.index);
  const told = inOrder.flatMap((trial) => {
    const of = (plan?.trials ?? trials.length) > 1 ? { trial: trial.index } : {};
    return trial.reasons.map((one) => ({ ...one, ...of }));
  });
  const { missing, remarks } = shortfall(plan, trials.length, counted);
  const open = [...doubts, ...missing];
  const answers = trials.map((trial) => trial.verdict).filter((each) => each !== 'inconclusive');
  const tooFew = tooManyUndecided(trials.length - answers.length, trials.length);
  const verdict = combine<Verdict>([
    ...answers,
    ...(tooFew || open.length > 0 ? (['inconclusive'] as const) : []),
  ]);
  const reasons =
    verdict === 'fail' ? [...told, ...open, ...remarks] : [...open, ...told, ...remarks];
  return { verdict, reasons };
}

/** More of the trials are undecided than a run may have. */
export function tooManyUndecided(undecided: number, trials: number): boolean {
  return trials === 0 || (100 * undecided) / trials > thresholds.invalidTrialsPercent;
}

/** A part holds what it was asked for, and a run that ends when it is precise enough ends early. */
function shortfall(
  plan: RunPlan | null,
  trials: number,
  counted: ReasonData<'trials-missing'>['counted'],
): { missing: Reason[]; remarks: Reason[] } {
  if (plan === null || trials >= plan.trials) return { missing: [], remarks: [] };
  const short = [reason('trials-missing', { trials, planned: plan.trials, counted })];
  const wanted = plan.indexes?.length ?? plan.trials;
  if (trials < wanted) return { missing: plan.endsEarly ? [] : short, remarks: [] };
  return { missing: [], remarks: plan.indexes ? short : [] };
}
