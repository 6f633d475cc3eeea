/** The outages of a watched network, a row each, with what was marked. Pure. */
import type { TrialResult } from '../harness/model/result.js';
import { formatAtLeastMs, formatReading } from './format.js';
import { endpointsOf } from './vocabulary.js';

export interface OutageRow {
  /** After the start of traffic. */
  at: string;
  way: string;
  length: string;
  lost: string;
  mark: string;
}

/** Outages and marks in the order of time; empty where nothing was watched. */
export function outageRows(trial: TrialResult): OutageRow[] {
  const rows = trial.outages.map((one) => {
    const { from, to } = endpointsOf(trial) ?? { from: '?', to: '?' };
    const way = one.direction === 'forward' ? `${from} → ${to}` : `${to} → ${from}`;
    return {
      atMs: one.atMs,
      at: secondsAt(one.atMs),
      way,
      length: one.outageMs === null ? formatAtLeastMs(one.atLeastMs) : lengthText(one),
      lost: String(one.packetsLost),
      mark: one.mark ?? '',
    };
  });
  const marks = trial.marks.map(({ atMs, text }) => ({
    ...{ atMs, at: secondsAt(atMs), way: 'mark', length: '', lost: '', mark: text },
  }));
  return [...rows, ...marks].sort((a, b) => a.atMs - b.atMs).map(({ atMs: _atMs, ...row }) => row);
}

/** A late sender makes an outage look longer; else it is as sharp as the probes are close. */
function lengthText({ outageMs, lateMs }: TrialResult['outages'][number]): string {
  return formatReading(outageMs ?? 0, Math.max(1, lateMs));
}

function secondsAt(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}
