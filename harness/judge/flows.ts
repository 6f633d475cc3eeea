/** Every iperf3 flow over the whole trial: when it ran, what arrived, what was lost. */
import type { EventOf } from '../model/history/events.js';
import type { ResolvedFlow } from '../model/resolved.js';
import type { FlowResult } from '../model/result.js';
import { streamsOf } from './streams.js';
import { thresholds } from './thresholds.js';
import { directionsOfFlow, type FlowPoint, type FlowSeries } from './throughput.js';
import { eventsOf, type TrialRecord } from './trial-record.js';
import { medianOf, NS_PER_MS, roundMs, spanMs } from './units.js';

/** One result for each direction of each flow of the scenario, also for those that never ran. */
export function flowResults(trial: TrialRecord, series: readonly FlowSeries[]): FlowResult[] {
  const ends = eventsOf(trial.events, 'iperf.end');
  return trial.scenario.flows.flatMap(directionsOfFlow).map((flow) => {
    const own = series.find((one) => one.flow.id === flow.id);
    return flowResult(
      flow,
      own,
      ends.filter((end) => end.flow === flow.id),
      trial,
    );
  });
}

function flowResult(
  flow: ResolvedFlow,
  series: FlowSeries | undefined,
  ends: readonly EventOf<'iperf.end'>[],
  trial: TrialRecord,
): FlowResult {
  const rows = series === undefined || series.source === 'interface' ? [] : series.points;
  const received = series?.source === 'receiver' ? rows : [];
  const [first, last] = [rows[0], rows.at(-1)];
  const bytes = sumOf(received, (row) => row.bytes);
  const spanNs = sumOf(received, (row) => row.endNs - row.startNs) ?? 0;
  const sender = ends.find((end) => end.side === 'sender');
  return {
    flow: flow.id,
    protocol: flow.protocol,
    from: flow.reverse ? flow.to : flow.from,
    to: flow.reverse ? flow.from : flow.to,
    startedAtMs: first ? spanMs(first.startNs - trial.trafficStartNs) : null,
    stoppedAtMs: last ? spanMs(last.endNs - trial.trafficStartNs) : null,
    bytesReceived: ends.find((end) => end.side === 'receiver')?.totalBytes ?? bytes,
    receivedBps: bytes !== null && spanNs > 0 ? Math.round((bytes * 8e9) / spanNs) : null,
    retransmits: flow.protocol === 'tcp' ? (sender?.totalRetransmits ?? null) : null,
    ...(flow.protocol === 'udp'
      ? lossOf(series, ends)
      : { packetsSent: null, packetsLost: null, lossPercent: null, jitterMs: null }),
    error: ends.find((end) => end.error !== null)?.error ?? null,
    ...streamsOf(received),
  };
}

/** The ends of a flow stop so far apart at the most: a round trip, and the last rows of each. */
const endsApartNs = 2000 * NS_PER_MS;

/**
 * iperf3's receiver counts what is missing below the highest number it saw. What was sent behind
 * that was lost as well (trap I4), but for the datagrams still on their way at the end.
 */
function lossOf(
  series: FlowSeries | undefined,
  ends: readonly EventOf<'iperf.end'>[],
): Pick<FlowResult, 'packetsSent' | 'packetsLost' | 'lossPercent' | 'jitterMs'> {
  const received = series?.source === 'receiver' ? series.points : [];
  const sent = series?.senderPoints ?? [];
  const endOf = (side: 'sender' | 'receiver') => ends.find((end) => end.side === side);
  const packetsSent = endOf('sender')?.totalPackets ?? sumOf(sent, (row) => row.packets);
  const expected = endOf('receiver')?.totalPackets ?? sumOf(received, (row) => row.packets);
  const missing = endOf('receiver')?.totalLostPackets ?? sumOf(received, (row) => row.lostPackets);
  const jitter = medianOf(received.map((row) => row.jitterMs).filter((each) => each !== null));
  const jitterMs = jitter === null ? null : roundMs(jitter);
  const unknown = { packetsSent, packetsLost: null, lossPercent: null, jitterMs };
  if (packetsSent === null || expected === null || missing === null) return unknown;
  if (!endTogether(sent, received)) return unknown;
  const behind = Math.max(0, packetsSent - expected);
  const packetsLost = missing + (lasts(behind, packetsSent, sent) ? behind : 0);
  if (packetsLost > packetsSent) return unknown;
  const lossPercent = packetsSent === 0 ? 0 : roundMs((100 * packetsLost) / packetsSent);
  return { packetsSent, packetsLost, lossPercent, jitterMs };
}

/**
 * Whether both ends tell of the same time. The output of one may be cut off long before the other's;
 * then what one sent is not what the other missed.
 */
function endTogether(sent: readonly FlowPoint[], received: readonly FlowPoint[]): boolean {
  const [one, other] = [sent.at(-1), received.at(-1)];
  if (!one || !other) return true;
  const rowNs = Math.max(one.endNs - one.startNs, other.endNs - other.startNs);
  return Math.abs(one.endNs - other.endNs) <= endsApartNs + rowNs;
}

/** Whether the last datagrams took longer to send than packets travel. */
function lasts(behind: number, packetsSent: number, sent: readonly FlowPoint[]): boolean {
  const spanNs = sumOf(sent, (row) => row.endNs - row.startNs) ?? 0;
  return behind * spanNs > packetsSent * thresholds.inFlightMs * NS_PER_MS;
}

/** Null without rows, or where a row does not tell. */
function sumOf(rows: readonly FlowPoint[], of: (row: FlowPoint) => number | null): number | null {
  const values = rows.map(of).filter((value) => value !== null);
  return values.length === 0 || values.length < rows.length
    ? null
    : values.reduce((sum, value) => sum + value, 0);
}
