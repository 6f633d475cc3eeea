/**
 * Loss periods (RFC 3357 §4.2) out of what was sent and what arrived. Only missing sequence
 * numbers make one: a sender that was merely late leaves none.
 */
import { NS_PER_MS } from './units.js';

/**
 * Consecutive sequence numbers that arrived, with the send stamps of both ends and, where the meter
 * told it, the receive stamp of the first.
 */
export type ArrivalRange = readonly [
  firstSequence: number,
  count: number,
  firstTxNs: number,
  lastTxNs: number,
  firstRxNs?: number,
];

/** Send stamps known exactly; between them sending was even. */
export type SendPoint = readonly [sequence: number, txNs: number];

/** A run of missing sequence numbers, on the sender's clock. */
export interface LossRun {
  firstSequence: number;
  packets: number;
  /** Send stamp of the last good packet before; of the first lost one where none came before. */
  lastGoodNs: number;
  firstLostNs: number;
  lastLostNs: number;
  /** Send stamp of the first good packet after; null where none ever came. */
  nextGoodNs: number | null;
}

/**
 * Unites arrivals, in whatever order and windows they were reported, into disjoint ascending
 * ranges. A late or reordered packet fills its hole; a duplicate changes nothing.
 */
export function uniteArrivals(ranges: readonly ArrivalRange[]): ArrivalRange[] {
  const sorted = ranges.filter((range) => range[1] > 0).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const united: ArrivalRange[] = [];
  for (const range of sorted) {
    const last = united.at(-1);
    if (!last || range[0] > last[0] + last[1]) {
      united.push(range);
      continue;
    }
    const lastEnd = last[0] + last[1];
    const rangeEnd = range[0] + range[1];
    if (rangeEnd > lastEnd) {
      united[united.length - 1] = [last[0], rangeEnd - last[0], last[2], range[3]];
    }
  }
  return united;
}

/** The send stamp of a number, interpolated between known ones; null outside them. */
export function sendStamp(points: readonly SendPoint[], sequence: number): number | null {
  let low = 0;
  let high = points.length - 1;
  if (high < 0) return null;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.[0] ?? 0) < sequence) low = middle + 1;
    else high = middle;
  }
  const above = points[low];
  if (!above || above[0] < sequence) return null;
  if (above[0] === sequence) return above[1];
  const below = points[low - 1];
  if (!below) return null;
  return below[1] + ((above[1] - below[1]) * (sequence - below[0])) / (above[0] - below[0]);
}

export interface LossInput {
  arrivals: readonly ArrivalRange[];
  /** Ascending by sequence number. */
  sendPoints: readonly SendPoint[];
  intervalNs: number;
  /** Of what was sent later, nothing is known. */
  horizonNs: number;
  /** No hole of this length at the end is loss: its packets may have been on their way. */
  graceMs: number;
}

/**
 * The loss periods, ascending. A hole that lasts to the horizon is one as well (its `nextGoodNs` is
 * null), except the moment that packets may still have been on their way.
 */
export function lossRuns(input: LossInput): LossRun[] {
  const arrivals = uniteArrivals(input.arrivals);
  const firstSent = input.sendPoints[0] ?? firstOf(arrivals);
  if (!firstSent) return [];
  const runs: LossRun[] = [];
  let expected = firstSent[0];
  let lastGoodNs: number | null = null;
  for (const [first, count, firstTxNs, lastTxNs] of arrivals) {
    if (first > expected) runs.push(hole(input, expected, first - 1, lastGoodNs, firstTxNs));
    expected = Math.max(expected, first + count);
    lastGoodNs = lastTxNs;
  }
  const tail = tailHole(input, expected, lastGoodNs);
  if (tail) runs.push(tail);
  return runs;
}

function hole(
  input: LossInput,
  first: number,
  last: number,
  lastGoodNs: number | null,
  nextGoodNs: number | null,
): LossRun {
  const even = (sequence: number): number => {
    if (lastGoodNs !== null) return lastGoodNs + (sequence - first + 1) * input.intervalNs;
    return (nextGoodNs ?? 0) - (last + 1 - sequence) * input.intervalNs;
  };
  const within = (txNs: number): number =>
    Math.min(Math.max(txNs, lastGoodNs ?? txNs), nextGoodNs ?? Number.POSITIVE_INFINITY);
  const firstLostNs = within(sendStamp(input.sendPoints, first) ?? even(first));
  const lastLostNs = within(sendStamp(input.sendPoints, last) ?? even(last));
  return {
    firstSequence: first,
    packets: last - first + 1,
    lastGoodNs: lastGoodNs ?? firstLostNs,
    firstLostNs,
    lastLostNs: Math.max(lastLostNs, firstLostNs),
    nextGoodNs,
  };
}

function tailHole(input: LossInput, expected: number, lastGoodNs: number | null): LossRun | null {
  const lastSent = lastSentBy(input);
  if (lastSent === null || lastSent < expected) return null;
  const run = hole(input, expected, lastSent, lastGoodNs, null);
  return run.lastLostNs - run.lastGoodNs > input.graceMs * NS_PER_MS ? run : null;
}

/** The last number sent up to the horizon; null = none. */
function lastSentBy({ sendPoints, horizonNs, intervalNs }: LossInput): number | null {
  const above = sendPoints.findIndex(([, txNs]) => txNs > horizonNs);
  if (above < 0) return sendPoints.at(-1)?.[0] ?? null;
  const before = sendPoints[above - 1];
  const after = sendPoints[above];
  if (!before || !after) return null;
  const stepNs = (after[1] - before[1]) / Math.max(1, after[0] - before[0]);
  return before[0] + Math.floor((horizonNs - before[1]) / Math.max(stepNs, intervalNs / 1000, 1));
}

function firstOf(arrivals: readonly ArrivalRange[]): SendPoint | undefined {
  const first = arrivals[0];
  return first ? [first[0], first[2]] : undefined;
}
