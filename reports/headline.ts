/** What a reader wants to know first, as plain facts and sentences; every report starts with it. */

import { medianTrial } from '../harness/analysis/median-trial.js';
import type {
  DirectionResult,
  JudgedRun,
  TcpResult,
  TrialResult,
} from '../harness/analysis/result.js';
import { formatCensorable, formatCounted, formatMs } from './format.js';

export function formatOutage(direction: DirectionResult): string {
  if (direction.outageMs === 0) return 'none';
  return formatCensorable(direction.outageMs, direction.outageAtLeastMs, direction.resolutionMs);
}

export function formatStall(tcp: TcpResult): string {
  if (tcp.stallMs === 0) return 'none';
  return formatCensorable(tcp.stallMs, tcp.stallAtLeastMs, tcp.resolutionMs);
}

/** `carried 121,004 packets before` for a relay; null when nobody counted. */
export function carried(
  trial: TrialResult,
  relay: string,
  when: 'before' | 'after',
): string | null {
  const counts = when === 'before' ? trial.relays.packetsBefore : trial.relays.packetsAfter;
  const packets = Object.hasOwn(counts, relay) ? counts[relay] : undefined;
  return packets === undefined ? null : formatCounted(packets, 'packet');
}

/** One line that sums a run up, for progress, JUnit and Markdown. */
export function headlineSentence(run: JudgedRun): string {
  const { summary, trials } = run.result;
  const chosen = medianTrial(run)?.trial;
  if (chosen === undefined || chosen.network === null) return 'nothing was measured';
  if (trials.length === 1) {
    const { forward, reverse } = chosen.network;
    const stall = chosen.tcp === null ? '' : `, TCP stall ${formatStall(chosen.tcp)}`;
    return `network outage ${formatOutage(forward)} forward, ${formatOutage(reverse)} reverse${stall}`;
  }
  const outage = summary.networkOutageMs;
  const stall = summary.tcpStallMs;
  return `median network outage ${formatMs(outage.median)}, median TCP stall ${formatMs(stall.median)} over ${formatCounted(outage.n, 'trial')}`;
}
