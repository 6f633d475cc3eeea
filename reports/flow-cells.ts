/** The cells of a table of iperf3 flows, the same in every report. */
import type { FlowResult, TrialResult } from '../harness/model/result.js';
import { formatBps, formatCount, formatMs, formatPercent, unknown } from './format.js';

export interface FlowCells {
  flow: string;
  /** `TCP h1 → h2` */
  way: string;
  /** `0.1 – 12.4 s`, after the start of traffic. */
  ran: string;
  received: string;
  /** Datagrams lost; for TCP, which sends them again, segments sent again. */
  lost: string;
  /** Told of UDP alone. */
  jitter: string;
  /** What iperf3 complained of; empty when all was well. */
  error: string;
}

/** `stream 3: 2.0 Mbit/s, silent for 200 ms at most`, of each of several streams. */
export function streamTexts({ streams }: FlowResult): string[] {
  return (streams ?? []).map(({ receivedBps, longestSilenceMs }, index) => {
    const silence =
      longestSilenceMs > 0 ? `longest silence ${formatMs(longestSilenceMs)}` : 'no silence';
    return `stream ${index + 1}: ${formatBps(receivedBps)}, ${silence}`;
  });
}

export function flowCells(flow: FlowResult): FlowCells {
  return {
    flow: flow.flow,
    way: `${flow.protocol.toUpperCase()} ${flow.from} → ${flow.to}`,
    ran: ranText(flow),
    received: formatBps(flow.receivedBps),
    lost: lostText(flow),
    jitter: flow.protocol === 'udp' ? formatMs(flow.jitterMs) : '',
    error: flow.error ?? '',
  };
}

/** A single TCP flow without a complaint is shown in full elsewhere. */
export function flowsWorthATable({ flows }: TrialResult): FlowResult[] {
  const [only, ...more] = flows;
  if (more.length > 0) return flows;
  const tells = only?.protocol === 'udp' || (only?.error ?? null) !== null || only?.streams;
  return tells ? flows : [];
}

function ranText({ startedAtMs, stoppedAtMs }: FlowResult): string {
  if (startedAtMs === null || stoppedAtMs === null) return 'did not run';
  return `${(startedAtMs / 1000).toFixed(1)}–${(stoppedAtMs / 1000).toFixed(1)} s`;
}

function lostText(flow: FlowResult): string {
  if (flow.protocol === 'tcp') {
    return flow.retransmits === null ? unknown : `${formatCount(flow.retransmits)} retransmitted`;
  }
  const { packetsLost, packetsSent, lossPercent } = flow;
  if (packetsLost === null) return unknown;
  return `${formatCount(packetsLost)} of ${formatCount(packetsSent)} (${formatPercent(lossPercent)})`;
}
