/** iperf3's intervals (or, failing these, interface counters) as one series a flow. */
import type { EventOf } from '../model/history/events.js';
import type { ResolvedFlow } from '../model/resolved.js';
import type { TrialChart } from '../model/result.js';
import { eventsOf, type TrialRecord } from './trial-record.js';
import { largestOf, NS_PER_MS, roundMs, spanMs } from './units.js';

export interface ThroughputPoint {
  startNs: number;
  endNs: number;
  bytes: number;
}

/** One row of iperf3; what a side cannot know, or an old record does not hold, is null. */
export interface FlowPoint extends ThroughputPoint {
  /** Bytes of each of several streams. */
  streamBytes?: number[] | undefined;
  retransmits: number | null;
  /** UDP: sent, or, at the receiver, received and missed together. */
  packets: number | null;
  lostPackets: number | null;
  jitterMs: number | null;
}

export interface FlowSeries {
  flow: ResolvedFlow;
  /** Receiver rows say what was delivered; sender rows what was handed to the kernel. */
  source: 'receiver' | 'sender' | 'interface';
  points: FlowPoint[];
  /** Sender's intervals, for retransmits. */
  senderPoints: FlowPoint[];
  mssBytes: number | null;
}

/** Bits per second of one interval. */
export function bitrateBps(point: ThroughputPoint): number {
  const seconds = (point.endNs - point.startNs) / 1e9;
  return seconds > 0 ? (point.bytes * 8) / seconds : 0;
}

/**
 * One series a flow that moved or should have moved; flows without any sample are left out, and rows
 * that a flow omits.
 */
export function flowSeries(trial: TrialRecord): FlowSeries[] {
  const intervals = eventsOf(trial.events, 'iperf.interval');
  const ends = eventsOf(trial.events, 'iperf.end');
  const series: FlowSeries[] = [];
  for (const flow of trial.scenario.flows.flatMap(directionsOfFlow)) {
    const zeroNs = flowZeroNs(trial, flow.id);
    const rows = intervals.filter((event) => event.flow === flow.id);
    const receiver = pointsOf(rows, 'receiver', zeroNs);
    const sender = pointsOf(rows, 'sender', zeroNs);
    const counted = receiver.length + sender.length > 0 ? [] : interfacePoints(trial, flow);
    const points = receiver.length > 0 ? receiver : sender.length > 0 ? sender : counted;
    if (points.length === 0) continue;
    series.push({
      flow,
      source: receiver.length > 0 ? 'receiver' : sender.length > 0 ? 'sender' : 'interface',
      points,
      senderPoints: sender,
      mssBytes:
        ends.filter((end) => end.flow === flow.id).find((end) => end.mssBytes !== null)?.mssBytes ??
        null,
    });
  }
  return series;
}

/** A bidirectional flow is recorded as two; this is the name of its way back. */
export function reverseHalf(flow: string): string {
  return `${flow}:reverse`;
}

/** What a flow is recorded as: itself, and its way back where both ends send. */
export function directionsOfFlow(flow: ResolvedFlow): ResolvedFlow[] {
  if (!flow.bidirectional) return [flow];
  return [flow, { ...flow, id: reverseHalf(flow.id), reverse: !flow.reverse }];
}

function flowZeroNs(trial: TrialRecord, flow: string): number {
  const aligned = eventsOf(trial.events, 'iperf.aligned').find((event) => event.flow === flow);
  if (aligned) return aligned.startNs;
  const started = eventsOf(trial.events, 'iperf.start').filter((event) => event.flow === flow);
  const sender = started.find((event) => event.side === 'sender') ?? started[0];
  return sender?.atNs ?? trial.trafficStartNs;
}

function pointsOf(
  rows: readonly EventOf<'iperf.interval'>[],
  side: 'sender' | 'receiver',
  zeroNs: number,
): FlowPoint[] {
  return rows
    .filter((row) => row.side === side && row.endMs > row.startMs && row.omitted !== true)
    .map((row) => ({
      startNs: zeroNs + row.startMs * NS_PER_MS,
      endNs: zeroNs + row.endMs * NS_PER_MS,
      bytes: row.bytes,
      streamBytes: row.streamBytes,
      retransmits: row.retransmits,
      packets: row.packets ?? null,
      lostPackets: row.lostPackets,
      jitterMs: row.jitterMs ?? null,
    }))
    .sort((a, b) => a.startNs - b.startNs);
}

/** What the receiving host's interface counted between samples: all there is of a cut-off run. */
function interfacePoints(trial: TrialRecord, flow: ResolvedFlow): FlowPoint[] {
  const host = flow.reverse ? flow.from : flow.to;
  const samples = eventsOf(trial.events, 'traffic.sample').filter((event) => event.host === host);
  const points: FlowPoint[] = [];
  for (const [index, sample] of samples.entries()) {
    const previous = samples[index - 1];
    if (!previous || sample.atNs <= previous.atNs || sample.rxBytes < previous.rxBytes) continue;
    points.push({
      startNs: previous.atNs,
      endNs: sample.atNs,
      bytes: sample.rxBytes - previous.rxBytes,
      retransmits: null,
      packets: null,
      lostPackets: null,
      jitterMs: null,
    });
  }
  return points;
}

/** Rows of one second each (or of the flow's own interval, if longer), as iperf3 prints them. */
export function secondRows(series: FlowSeries, zeroNs: number): TrialChart['rows'] {
  const first = series.points[0];
  if (!first) return [];
  const widthNs = Math.max(1e9, series.flow.intervalMs * NS_PER_MS);
  const rows = new Map<number, { bytes: number; retransmits: number | null; endNs: number }>();
  const rowOf = (point: ThroughputPoint): number =>
    Math.floor(((point.startNs + point.endNs) / 2 - first.startNs) / widthNs);
  for (const point of series.points) {
    const row = rows.get(rowOf(point)) ?? { bytes: 0, retransmits: null, endNs: 0 };
    row.bytes += point.bytes;
    row.endNs = Math.max(row.endNs, point.endNs);
    rows.set(rowOf(point), row);
  }
  for (const point of series.senderPoints) {
    const row = rows.get(rowOf(point));
    if (row && point.retransmits !== null) {
      row.retransmits = (row.retransmits ?? 0) + point.retransmits;
    }
  }
  return [...rows.entries()]
    .sort(([a], [b]) => a - b)
    .map(([index, row]) => {
      const startNs = first.startNs + index * widthNs;
      return {
        flow: series.flow.id,
        startS: roundMs((startNs - zeroNs) / 1e9),
        endS: roundMs((row.endNs - zeroNs) / 1e9),
        bytes: row.bytes,
        bps: Math.round((row.bytes * 8e9) / Math.max(row.endNs - startNs, 1)),
        retransmits: row.retransmits,
      };
    });
}

/** Whole intervals inside [fromNs, toNs]. */
export function pointsWithin<P extends ThroughputPoint>(
  points: readonly P[],
  fromNs: number,
  toNs: number,
): P[] {
  return points.filter((point) => point.startNs >= fromNs && point.endNs <= toNs);
}

/** Width of one interval as it was recorded (the last one may be a splinter). */
export function resolutionMs(series: FlowSeries): number {
  if (series.source !== 'interface') return series.flow.intervalMs;
  return spanMs(largestOf(series.points.map((point) => point.endNs - point.startNs)));
}
