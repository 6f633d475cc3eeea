/**
 * Loss that this machine made itself, separated from the network's. The kernel counts the packets
 * that found no room in a buffer, whatever packets they were. So counts are upper bounds: of the
 * probes lost within a span of drops, this machine may have dropped as many as it dropped packets.
 */
import { type LossRun, sendStamp } from './loss-periods.js';
import type { MeterRecord } from './meter-record.js';
import { type SentSpan, spansOver } from './sent-spans.js';

type Span = readonly [fromNs: number, untilNs: number];

/** How many packets of a loss period this machine may have dropped, at most. */
export function mayBeDropped(record: MeterRecord, run: LossRun): number {
  const near = spansAround(record, run);
  if (near.length === 0) return 0;
  const dropped = near.reduce((sum, { packets }) => sum + packets, 0);
  const sent = united(near).reduce((sum, span) => sum + packetsOf(run, span), 0);
  return Math.min(run.packets, dropped, sent);
}

/**
 * The record as it would be if everything that this machine may have dropped had arrived. Loss
 * inside an outage stays: a packet that was dropped twice was lost once.
 */
export function withoutMachineLoss(record: MeterRecord): MeterRecord {
  let changed = false;
  const runs = record.runs.flatMap((run) => {
    const dropped = mayBeDropped(record, run);
    if (dropped === 0) return [run];
    changed = true;
    return dropped >= run.packets ? [] : [trimmed(record, run, dropped)];
  });
  return changed ? { ...record, runs } : record;
}

/** A loss period without what may have been dropped at its two ends. */
function trimmed(record: MeterRecord, run: LossRun, dropped: number): LossRun {
  const covered = united(spansAround(record, run));
  const atStart = covered.find(
    ([from, until]) => run.firstLostNs >= from && run.firstLostNs < until,
  );
  const atEnd = covered.find(([from, until]) => run.lastLostNs >= from && run.lastLostNs < until);
  const fromStart = atStart ? Math.min(dropped, packetsOf(run, atStart)) : 0;
  const fromEnd = atEnd ? Math.min(dropped - fromStart, packetsOf(run, atEnd)) : 0;
  const stamp = (sequence: number, otherwise: number): number =>
    sendStamp(record.sendPoints, sequence) ?? otherwise;
  // From one probe of a flow to its next one.
  const step = record.flows;
  const first = run.firstSequence + fromStart * step;
  const last = run.firstSequence + (run.packets - 1 - fromEnd) * step;
  return {
    firstSequence: first,
    packets: run.packets - fromStart - fromEnd,
    lastGoodNs: fromStart === 0 ? run.lastGoodNs : stamp(first - step, run.lastGoodNs),
    firstLostNs: stamp(first, run.firstLostNs),
    lastLostNs: stamp(last, run.lastLostNs),
    nextGoodNs: fromEnd === 0 ? run.nextGoodNs : stamp(last + step, run.lastLostNs),
  };
}

/** The spans in which packets of a loss period can have met a full buffer. */
function spansAround({ sentSpans }: MeterRecord, run: LossRun): SentSpan[] {
  return spansOver(sentSpans, run.firstLostNs, run.lastLostNs + 1);
}

/** How many packets of a loss period were sent within a span; its sending was even. */
function packetsOf(run: LossRun, [fromNs, untilNs]: Span): number {
  const { firstLostNs, lastLostNs, packets } = run;
  if (fromNs <= firstLostNs && untilNs > lastLostNs) return packets;
  const stepNs = packets > 1 ? Math.max((lastLostNs - firstLostNs) / (packets - 1), 1) : 1;
  const first = Math.max(0, Math.ceil((fromNs - firstLostNs) / stepNs));
  const last = Math.min(packets - 1, Math.ceil((untilNs - firstLostNs) / stepNs) - 1);
  return Math.max(0, last - first + 1);
}

/** Spans that overlap as one. @param spans Ascending. */
function united(spans: readonly SentSpan[]): Span[] {
  const all: Span[] = [];
  for (const { fromNs, untilNs } of spans) {
    const last = all.at(-1);
    if (!last || fromNs > last[1]) all.push([fromNs, untilNs]);
    else all[all.length - 1] = [last[0], Math.max(last[1], untilNs)];
  }
  return all;
}
