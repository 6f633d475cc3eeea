/** The longest time in which a flow delivered nothing, as far as its intervals can tell. */
import { slowStartMs } from '../model/flow-resolution.js';
import type { Change } from './changes.js';
import { type Ending, endingOf } from './ending.js';
import { bitrateBps, type FlowSeries, resolutionMs, type ThroughputPoint } from './throughput.js';
import { NS_PER_MS, spanMs } from './units.js';

export interface Stall {
  startNs: number;
  endNs: number;
  /** It lasted to the last sample. */
  open: boolean;
  previous: ThroughputPoint | null;
  next: ThroughputPoint | null;
}

/** A stall's length, what the true one lies in, and how it ended. */
export interface StallEnd {
  ending: Ending;
  stallMs: number;
  /** Bytes moved again somewhere in the interval after it; null = not seen to end. */
  rangeMs: [number, number] | null;
  /** Up to the heal that ended it; null = none did. */
  untilHealMs: number | null;
}

/** Reads the end of a stall; `intervalMs` is the width of an interval. */
export function stallEndOf(stall: Stall, change: Change, intervalMs: number): StallEnd {
  const { startNs, endNs, open, next } = stall;
  const intervalNs = intervalMs * NS_PER_MS;
  const { ending, heal } = endingOf(
    {
      startNs,
      lastSeenNs: endNs,
      overNs: open ? null : (next?.endNs ?? endNs + intervalNs),
      noiseNs: 0,
      intervalNs,
    },
    change,
  );
  const stallMs = spanMs(endNs - startNs);
  const latestNs = next?.endNs ?? endNs + intervalNs;
  return {
    ending,
    stallMs,
    rangeMs: open ? null : [stallMs, spanMs(latestNs - startNs)],
    untilHealMs: ending === 'heal' && heal ? spanMs(heal.beforeNs - startNs) : null,
  };
}

/** The end of the traffic itself makes rows without bytes, for so long. So far there was no end. */
const closingMs = 250;

/** True for rows without bytes that only the end of the traffic made. */
function isClosing(stall: Stall): boolean {
  return stall.open && spanMs(stall.endNs - stall.startNs) <= closingMs;
}

/** True for a stall that no byte came before, except in the flow's first second. */
function fromTheStart(series: FlowSeries, stall: Stall): boolean {
  const startNs = series.points[0]?.startNs ?? 0;
  return stall.startNs <= startNs + slowStartMs * NS_PER_MS;
}

/**
 * Longest run of intervals without bytes that begins in the change's span. The interval before it
 * held bytes for a part of its width only: as many as the rate before the fault would have taken.
 * So the reading is at most one interval short, by the one in which bytes moved again. A flow that
 * never moved before the change stalls from the change on, for as long as anybody looked.
 */
export function longestStall(
  series: FlowSeries,
  change: Change,
  { floorBps, baselineBps, soFar }: { floorBps: number; baselineBps: number; soFar: boolean },
): Stall | null {
  const intervalNs = resolutionMs(series) * NS_PER_MS;
  const fromNs = change.beforeNs - intervalNs;
  // The interval in which the next change falls is the next change's.
  const beforeNs = change.untilNs - (change.lastsToEnd ? 0 : intervalNs);
  let longest: Stall | null = null;
  for (const stall of stallsOf(series.points, floorBps)) {
    const { startNs } = stall;
    if (!soFar && isClosing(stall)) continue;
    if (startNs >= Math.max(beforeNs, change.afterNs)) continue;
    const lasting = startNs < fromNs;
    if (lasting && (stall.endNs <= change.afterNs || !fromTheStart(series, stall))) continue;
    const beganNs = lasting ? change.atNs : startNs - silentNs(stall.previous, baselineBps);
    const grown = { ...stall, startNs: beganNs };
    const longer = !longest || grown.endNs - grown.startNs > longest.endNs - longest.startNs;
    if (longer || grown.open) longest = grown;
  }
  return longest;
}

function stallsOf(points: readonly ThroughputPoint[], floorBps: number): Stall[] {
  const stalls: Stall[] = [];
  for (const [index, point] of points.entries()) {
    const last = stalls.at(-1);
    const open = last?.open ? last : undefined;
    if (bitrateBps(point) > floorBps) {
      if (open) Object.assign(open, { open: false, next: point });
    } else if (open) {
      open.endNs = point.endNs;
    } else {
      const { startNs, endNs } = point;
      const previous = points[index - 1] ?? null;
      stalls.push({ startNs, endNs, open: true, previous, next: null });
    }
  }
  return stalls;
}

/** How much of an interval's end was silent, if bytes came at the baseline's rate before. */
function silentNs(point: ThroughputPoint | null, baselineBps: number): number {
  if (!point || baselineBps <= 0) return 0;
  const share = Math.min(1, bitrateBps(point) / baselineBps);
  return (1 - share) * (point.endNs - point.startNs);
}
