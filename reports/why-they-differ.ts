/**
 * Why network outage and TCP stall are different numbers, by what the record shows. What it does not
 * show is said to be not observed: a stall has other causes than TCP's timer.
 */
import { trialOutageMs } from '../harness/judge/median-trial.js';
import type { TcpResult, TrialResult } from '../harness/model/result.js';
import { formatBriefMs, formatCount, formatCounted, formatMs, formatPercent } from './format.js';
import { headlineEpisode } from './headline.js';
import { networkBackMs } from './moments.js';

/** A stall within this share of the forecast is as long as the doubling timer makes it. */
const forecastShare = 0.1;

/** One sentence or two; null where one of the numbers is missing. */
export function whyTheyDiffer(trial: TrialResult): string | null {
  const { tcp, network } = trial;
  if (tcp === null || network === null) return null;
  const { tcpFault } = trial;
  if (tcpFault) {
    const of = tcpFault.targets.length > 0 ? ` of ${tcpFault.targets.join(', ')}` : '';
    const healed = tcpFault.change === 'healed';
    const whose = healed ? 'a fault and a heal' : 'two faults';
    return `The two numbers belong to ${whose}: the longest stall followed ${healed ? 'the heal of ' : ''}${tcpFault.kind}${of} (step ${tcpFault.stepId}).`;
  }
  const outageMs = trialOutageMs(trial);
  if (outageMs === null && tcp.stallMs !== null) return moved(tcp);
  if (outageMs === null) {
    return `The network was not observed to recover by itself, and TCP cannot deliver without it. ${resent(tcp)}`;
  }
  if (outageMs === 0 && tcp.stallMs === 0) return 'Neither the network nor TCP was interrupted.';
  if (tcp.stallMs === 0) {
    return `Every iperf3 interval of ${formatMs(tcp.resolutionMs)} has bytes. Intervals cannot show an outage much shorter than one interval, or one that TCP's packets did not experience.`;
  }
  if (outageMs === 0) return withoutOutage(tcp, network);
  if (tcp.stallMs === null && tcp.stallEnding === 'heal') {
    return `The network was back after ${formatBriefMs(outageMs)}, but TCP resumed only after the heal. ${resent(tcp)} ${causeUnseen}`;
  }
  if (tcp.stallMs === null) {
    return `The network was back after ${formatBriefMs(outageMs)}, but TCP delivered no more bytes. ${resent(tcp)} ${causeUnseen}`;
  }
  const lateMs = movedAfterNetworkMs(trial) ?? tcp.stallMs - outageMs;
  if (lateMs < -tcp.resolutionMs) {
    return `TCP resumed ${formatBriefMs(-lateMs)} before the network carried packets in both directions again. ${letThrough}`;
  }
  if (lateMs <= tcp.resolutionMs) {
    return `The difference is within the resolution of iperf3, ${formatMs(tcp.resolutionMs)}.`;
  }
  return `The network was back after ${formatBriefMs(outageMs)}; TCP resumed ${formatBriefMs(lateMs)} later. ${timerEvidence(tcp, tcp.stallMs)}`;
}

/** The meter's packets never came back, and TCP's did. */
function moved(tcp: TcpResult): string {
  const how =
    tcp.stallMs === 0
      ? `no iperf3 interval of ${formatMs(tcp.resolutionMs)} was without bytes`
      : 'TCP resumed';
  return `The network was not observed to recover by itself, yet ${how}. ${letThrough}`;
}

const letThrough = 'Why TCP got through and the packets of the meter did not was not observed.';
const causeUnseen = 'The cause of the stall was not observed.';

/** TCP stalled although the meter read no outage. */
function withoutOutage(tcp: TcpResult, network: NonNullable<TrialResult['network']>): string {
  const lossPercent = Math.max(network.forward.lossPercent, network.reverse.lossPercent);
  const lost = network.forward.packetsLost + network.reverse.packetsLost;
  if (lost > 0 || lossPercent > 0) {
    const share = lossPercent > 0 ? formatPercent(lossPercent) : formatCount(lost);
    return `${share} of the meter's packets were lost, scattered over time, while TCP stalled. ${resent(tcp)}`;
  }
  return `Every packet of the meter arrived while TCP stalled. ${resent(tcp)} Which property of TCP's packets (size, address, port, protocol) made the difference was not observed.`;
}

/** What the sender's own rows show of retransmission. */
function resent({ retransmits }: TcpResult): string {
  if (retransmits === null) return 'Retransmissions were not recorded.';
  if (retransmits === 0) return 'The sender retransmitted no segments.';
  return `The sender retransmitted ${formatCounted(retransmits, 'segment')}.`;
}

/** Retransmissions, and a stall as long as the doubling timer makes it, are what speaks for it. */
function timerEvidence(tcp: TcpResult, stallMs: number): string {
  const { retransmits, predictedStallMs, resolutionMs } = tcp;
  if (!retransmits || predictedStallMs === null) return `${resent(tcp)} ${causeUnseen}`;
  const toleranceMs = Math.max(2 * resolutionMs, forecastShare * predictedStallMs);
  const fits = Math.abs(stallMs - predictedStallMs) <= toleranceMs;
  const forecast = formatBriefMs(predictedStallMs);
  return fits
    ? `${resent(tcp)} The stall matches the forecast of TCP's exponential backoff (${forecast}).`
    : `${resent(tcp)} The stall does not match the forecast of TCP's exponential backoff (${forecast}); the additional cause was not observed.`;
}

/** Network back in both directions → first delivered bytes; null when either was not seen. */
function movedAfterNetworkMs(trial: TrialResult): number | null {
  const episode = headlineEpisode(trial);
  const backMs = episode === undefined ? null : networkBackMs(episode);
  const movingMs = trial.tcp?.movingAgainMs ?? null;
  return backMs === null || movingMs === null ? null : movingMs - backMs;
}
