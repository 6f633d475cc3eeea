/**
 * What one change did to one UDP flow, by iperf3's rows. They are coarser than the meter: a hole
 * is told by rows in which nothing arrived, and its packets in the row in which they come again.
 */
import { finestHoleMs } from '../model/flow-resolution.js';
import type { UdpResult } from '../model/result.js';
import type { Change } from './changes.js';
import { longestStall, stallEndOf } from './stall.js';
import {
  bitrateBps,
  type FlowPoint,
  type FlowSeries,
  pointsWithin,
  resolutionMs,
} from './throughput.js';
import type { TrialRecord } from './trial-record.js';
import { medianOf, NS_PER_MS, roundMs, spanMs } from './units.js';

/** Judges one UDP flow around one change; `change` ends where the flow was stopped. */
export function judgeUdp(
  series: FlowSeries,
  change: Change,
  baselineBps: number,
  trial: TrialRecord,
): UdpResult {
  const finestMs = Math.max(resolutionMs(series), finestHoleMs(series.flow));
  const stall = longestStall(series, change, { floorBps: 0, baselineBps, soFar: trial.soFar });
  const heldMs = stall === null ? 0 : spanMs(stall.endNs - stall.startNs);
  const outage = stall !== null && heldMs >= finestMs ? stall : null;
  const end = outage && stallEndOf(outage, change, resolutionMs(series));
  const outageAtLeastMs = outage === null ? 0 : (end?.untilHealMs ?? heldMs);
  const censored = outage?.open === true || end?.ending === 'heal';
  const counts = packetsAround(series, change, outage?.open ? outage.startNs : null, trial);
  const within = pointsWithin(series.points, change.afterNs, change.untilNs);
  const jitter = medianOf(within.map((row) => row.jitterMs).filter((each) => each !== null));
  const rate = medianOf(within.map(bitrateBps));
  return {
    flow: series.flow.id,
    outageMs: censored ? null : outageAtLeastMs,
    outageAtLeastMs,
    outageEnding: end?.ending ?? null,
    outageWithHealMs: outage === null || outage.open ? null : heldMs,
    resolutionMs: roundMs(finestMs),
    ...counts,
    jitterMs: jitter === null ? null : roundMs(jitter),
    baselineBps,
    rateDuringFaultBps: change.change === 'injected' && rate !== null ? Math.round(rate) : null,
    recovered: !censored,
  };
}

function packetsAround(
  series: FlowSeries,
  change: Change,
  openSinceNs: number | null,
  trial: TrialRecord,
): Pick<UdpResult, 'packetsSent' | 'packetsLost' | 'lossPercent'> {
  const unknown = { packetsSent: null, packetsLost: null, lossPercent: null };
  const intervalNs = resolutionMs(series) * NS_PER_MS;
  // The interval in which the next change falls is the next change's.
  const untilNs = change.untilNs - (change.lastsToEnd ? 0 : intervalNs);
  const sent = series.senderPoints.filter(
    (row) => row.endNs > change.beforeNs && row.startNs < change.untilNs,
  );
  if (series.source !== 'receiver' || sent.some((row) => row.packets === null)) return unknown;
  const packetsSent = packetsOf(sent);
  const losses = datedLosses(series.points)
    .filter(({ sinceNs }) => sinceNs > change.beforeNs - intervalNs && sinceNs <= untilNs)
    .map(({ packets }) => packets);
  if (losses.some((packets) => packets === null)) return unknown;
  const missed = losses.reduce<number>((sum, packets) => sum + (packets ?? 0), 0);
  // What a hole that lasts to the end has swallowed shows in no row of the receiver (trap I4).
  const swallowed =
    openSinceNs === null
      ? 0
      : packetsOf(
          sent.filter((row) => row.startNs >= openSinceNs && row.endNs <= trial.trafficEndNs),
        );
  const packetsLost = missed + swallowed;
  // Rows of one end may be cut off: what the other missed is then no share of what they count.
  if (packetsLost > packetsSent) return unknown;
  const lossPercent = packetsSent === 0 ? 0 : roundMs((100 * packetsLost) / packetsSent);
  return { packetsSent, packetsLost, lossPercent };
}

/** Losses by the start of the silence before them: a row shows a gap only after its end. */
function datedLosses(
  rows: readonly FlowPoint[],
): Array<{ sinceNs: number; packets: number | null }> {
  let silentSinceNs: number | null = null;
  return rows.map((row) => {
    const sinceNs = silentSinceNs ?? row.startNs;
    silentSinceNs = row.bytes === 0 ? sinceNs : null;
    return { sinceNs, packets: row.lostPackets };
  });
}

function packetsOf(rows: readonly FlowPoint[]): number {
  return rows.reduce((sum, row) => sum + (row.packets ?? 0), 0);
}
