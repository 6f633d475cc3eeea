/**
 * Loss that this machine made itself, told apart from the network's. The kernel counts the packets
 * that found no room in a buffer, whatever packets they were. So counts are upper bounds: of the
 * probes lost within a span of drops, this machine may have dropped as many as it dropped packets.
 */
import { longestDelayMs } from './delay.js';
import type { DropSpan } from './drop-spans.js';
import { type LossRun, sendStamp } from './loss-periods.js';
import type { MeterRecord } from './meter-record.js';
import { thresholds } from './thresholds.js';
import { NS_PER_MS } from './units.js';

type Span = readonly [fromNs: number, untilNs: number];

/** Delay is read this long around a drop. */
const DELAY_AROUND_NS = 1000 * NS_PER_MS;

/** How many packets of a loss period this machine may have dropped, at most. */
export function mayBeDropped(record: MeterRecord, run: LossRun): number {
  const near = record.drops.filter((span) => overlap(run, sentIn(record, span)) !== null);
  if (near.length === 0) return 0;
  const dropped = near.reduce((sum, { packets }) => sum + packets, 0);
  const sent = united(near.map((span) => sentIn(record, span))).reduce(
    (sum, span) => sum + packetsOf(run, span),
    0,
  );
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
  const covered = united(record.drops.map((span) => sentIn(record, span)));
  const atStart = covered.find(
    ([from, until]) => run.firstLostNs >= from && run.firstLostNs < until,
  );
  const atEnd = covered.find(([from, until]) => run.lastLostNs >= from && run.lastLostNs < until);
  const fromStart = atStart ? Math.min(dropped, packetsOf(run, atStart)) : 0;
  const fromEnd = atEnd ? Math.min(dropped - fromStart, packetsOf(run, atEnd)) : 0;
  const stamp = (sequence: number, otherwise: number): number =>
    sendStamp(record.sendPoints, sequence) ?? otherwise;
  const first = run.firstSequence + fromStart;
  const last = run.firstSequence + run.packets - 1 - fromEnd;
  return {
    firstSequence: first,
    packets: last - first + 1,
    lastGoodNs: fromStart === 0 ? run.lastGoodNs : stamp(first - 1, run.lastGoodNs),
    firstLostNs: stamp(first, run.firstLostNs),
    lastLostNs: stamp(last, run.lastLostNs),
    nextGoodNs: fromEnd === 0 ? run.nextGoodNs : stamp(last + 1, run.lastLostNs),
  };
}

/** When packets were sent that arrived at a full buffer within a span. */
function sentIn(record: MeterRecord, { sinceNs, atNs }: DropSpan): Span {
  const longestMs =
    longestDelayMs(record, sinceNs - DELAY_AROUND_NS, atNs + DELAY_AROUND_NS) ??
    thresholds.unknownDelayMs;
  const delayMs = Math.min(Math.max(longestMs, 0), thresholds.inFlightAtMostMs);
  return [sinceNs - delayMs * NS_PER_MS - 2 * record.intervalNs, atNs];
}

function overlap(run: LossRun, [fromNs, untilNs]: Span): Span | null {
  const begin = Math.max(fromNs, run.firstLostNs);
  const end = Math.min(untilNs, run.lastLostNs + 1);
  return begin < end ? [begin, end] : null;
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

/** Spans that overlap as one. */
function united(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const span of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = all.at(-1);
    if (!last || span[0] > last[1]) all.push(span);
    else all[all.length - 1] = [last[0], Math.max(last[1], span[1])];
  }
  return all;
}
