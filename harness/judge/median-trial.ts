/** Which trial stands for a run where only one can be shown. */

import type { JudgedRun, TrialChart, TrialResult } from '../model/result.js';
import { validTrials } from '../model/trial-status.js';
import { worstOutage } from './outage.js';

/** A trial with its chart data. */
export interface ChosenTrial {
  trial: TrialResult;
  chart: TrialChart | undefined;
}

/** The worse direction's outage: null when one of them never ended or nothing was measured. */
export function trialOutageMs(trial: TrialResult): number | null {
  if (trial.network === null) return null;
  return worstOutage([trial.network.forward, trial.network.reverse]).outageMs;
}

/**
 * The trial whose network outage is the (lower) median, censored ones ranked highest. Valid
 * trials are preferred, then measured ones; null when there is no trial.
 */
export function medianTrial({ result, charts }: JudgedRun): ChosenTrial | null {
  const measured = result.trials.filter((trial) => trial.network !== null);
  const valid = validTrials(measured);
  const candidates = [valid, measured].find((each) => each.length > 0) ?? result.trials;
  const ranked = [...candidates].sort((a, b) => rankOf(a) - rankOf(b) || a.index - b.index);
  const trial = ranked[Math.floor((ranked.length - 1) / 2)];
  return trial === undefined ? null : { trial, chart: charts[result.trials.indexOf(trial)] };
}

function rankOf(trial: TrialResult): number {
  return trialOutageMs(trial) ?? Number.MAX_VALUE;
}
