/** The numbers of a run that a gate compares: one row per valid trial. Pure. */

import type { RunResult, TrialResult } from '../../model/result.js';
import { validTrials } from '../../model/trial-status.js';
import { trialOutageMs } from '../median-trial.js';
import type { Reading } from '../statistics/index.js';

export const gateMetrics = ['networkOutageMs', 'tcpStallMs'] as const;
export type GateMetricName = (typeof gateMetrics)[number];

/** What each metric is called in front of people. */
export const metricLabels: Record<GateMetricName, string> = {
  networkOutageMs: 'network outage',
  tcpStallMs: 'TCP stall',
};

/** One trial's place in the controller's period and its readings; null = censored. */
export interface TrialReadings {
  /** Place in the plan, which decides the trial's seed; left out where chance decides more than it. */
  trial?: number | undefined;
  stratum: number | null;
  phaseOffsetMs: number | null;
  networkOutageMs: Reading;
  /** Both directions of that pair, in virtual time: what slows one is not hidden behind the other. */
  outagesMs?: Record<string, Reading> | undefined;
  /** Absent when the scenario has no TCP flow. */
  tcpStallMs?: Reading | undefined;
}

/** Readings of the valid trials, in the order of their index. */
export function readingsOf(run: RunResult): TrialReadings[] {
  const measured = validTrials(run.trials).filter((trial) => trial.network !== null);
  const trials = measured.sort((a, b) => a.index - b.index);
  const repeats = run.environment.clock === 'virtual';
  return trials.map((trial) => ({
    ...(repeats ? { trial: trial.index } : {}),
    stratum: trial.stratum,
    phaseOffsetMs: trial.phaseOffsetMs,
    networkOutageMs: rounded(trialOutageMs(trial)),
    ...(repeats ? { outagesMs: outagesOf(trial) } : {}),
    ...(trial.tcp ? { tcpStallMs: rounded(trial.tcp.stallMs) } : {}),
  }));
}

/** Readings of one metric; trials without it are left out. */
export function valuesOf(rows: readonly TrialReadings[], metric: GateMetricName): Reading[] {
  return rows.map((row) => row[metric]).filter((value) => value !== undefined);
}

/** The coarsest resolution at which the run's trials read this metric. */
export function resolutionMsOf(run: RunResult, metric: GateMetricName): number {
  const resolutions = run.trials.flatMap((trial) => {
    if (metric === 'tcpStallMs') return trial.tcp ? [trial.tcp.resolutionMs] : [];
    return trial.network
      ? [trial.network.forward.resolutionMs, trial.network.reverse.resolutionMs]
      : [];
  });
  return Math.max(0, ...resolutions);
}

/** By direction, such as `h1 → h2`. */
function outagesOf({ network }: TrialResult): Record<string, Reading> {
  if (network?.from === undefined || network.to === undefined) return {};
  const { from, to, forward, reverse } = network;
  return {
    [`${from} → ${to}`]: rounded(forward.outageMs),
    [`${to} → ${from}`]: rounded(reverse.outageMs),
  };
}

/** Microseconds are finer than any reading; more digits only make a diff hard to read. */
function rounded(reading: Reading): Reading {
  return reading === null ? null : Number(reading.toFixed(3));
}
