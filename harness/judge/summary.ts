/** What several trials say together, in the words of `result.json`. */

import type { RunResult, Summary, TrialResult } from '../model/result.js';
import { validTrials } from '../model/trial-status.js';
import { trialOutageMs } from './median-trial.js';
import { medianWithInterval } from './statistics/index.js';
import { roundMs } from './units.js';

/**
 * Minimum, median, maximum and the order-statistic 95 % interval of the median (six readings or
 * more). A censored reading (null) ranks above every number, so a median or a limit that falls on
 * one is null itself.
 */
export function summarize(readings: readonly (number | null)[]): Summary {
  const { n, censored, min, median, max, ci95 } = medianWithInterval(readings);
  const rounded = (reading: number | null): number | null =>
    reading === null ? null : roundMs(reading);
  return {
    n,
    censored,
    min: rounded(min),
    median: rounded(median),
    max: rounded(max),
    ci95: ci95 && [rounded(ci95[0]), rounded(ci95[1])],
  };
}

/** Both headline numbers over the valid trials. */
export function summaryOfTrials(trials: readonly TrialResult[]): RunResult['summary'] {
  const valid = validTrials(trials);
  const measured = valid.filter((trial) => trial.network !== null);
  return {
    networkOutageMs: summarize(measured.map(trialOutageMs)),
    tcpStallMs: summarize(valid.flatMap(({ tcp }) => (tcp ? [tcp.stallMs] : []))),
  };
}
