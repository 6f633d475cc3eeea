/** What a reader wants to know first, as plain facts and sentences; every report starts with it. */

import { medianTrial, trialOutageMs } from '../harness/analysis/median-trial.js';
import type {
  DirectionResult,
  JudgedRun,
  TcpResult,
  TrialResult,
} from '../harness/analysis/result.js';
import { formatBriefMs, formatCensorable, formatCounted, formatMs } from './format.js';
import { networkBackMs } from './moments.js';

export function formatOutage(direction: DirectionResult): string {
  if (direction.outageMs === 0) return 'none';
  return formatCensorable(direction.outageMs, direction.outageAtLeastMs, direction.resolutionMs);
}

export function formatStall(tcp: TcpResult): string {
  if (tcp.stallMs === 0) return 'none';
  return formatCensorable(tcp.stallMs, tcp.stallAtLeastMs, tcp.resolutionMs);
}

/** One sentence on why network outage and TCP stall are different numbers. */
export function whyTheyDiffer(trial: TrialResult): string | null {
  const { tcp, network } = trial;
  if (tcp === null || network === null) return null;
  const outageMs = trialOutageMs(trial);
  const ladder =
    'TCP tries again only when its retransmission timer fires, and doubles it every time';
  if (outageMs === null) {
    return `${ladder}; it cannot move while the network is out.`;
  }
  if (tcp.stallMs === null && outageMs > 0) {
    return `The network was back after ${formatBriefMs(outageMs)}, but TCP delivered nothing more: ${ladder}.`;
  }
  if (outageMs === 0 && tcp.stallMs === 0) return 'Neither was interrupted.';
  if (tcp.stallMs === 0) {
    return `No iperf3 interval of ${formatMs(tcp.resolutionMs)} was without bytes: they cannot show an outage much shorter than themselves, nor one that other packets did not suffer.`;
  }
  if (outageMs === 0) {
    return 'The small packets of the meter passed while TCP stood still: the path was there, but not for what TCP sent.';
  }
  const lateMs = movedAfterNetworkMs(trial) ?? (tcp.stallMs ?? 0) - outageMs;
  if (lateMs <= tcp.resolutionMs) {
    return `No difference beyond the ${formatMs(tcp.resolutionMs)} that iperf3 resolves: a retransmission fell just after the network was back.`;
  }
  return `${ladder}: the network was back after ${formatBriefMs(outageMs)}, TCP moved ${formatBriefMs(lateMs)} later.`;
}

/** Network back in both directions → first delivered bytes; null when either was not seen. */
function movedAfterNetworkMs(trial: TrialResult): number | null {
  const episode = trial.episodes.find((each) => each.change === 'injected');
  const backMs = episode === undefined ? null : networkBackMs(episode);
  const movingMs = trial.tcp?.movingAgainMs ?? null;
  return backMs === null || movingMs === null ? null : movingMs - backMs;
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
