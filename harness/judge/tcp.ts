/** What one change did to one TCP flow. Its numbers are not the network's: see the ladder. */
import { slowStartMs } from '../model/flow-resolution.js';
import type { TcpResult } from '../model/result.js';
import type { Change } from './changes.js';
import { longestStallAfterMs, predictStall } from './retransmission-ladder.js';
import { longestStall, type Stall, type StallEnd, stallEndOf } from './stall.js';
import { thresholds } from './thresholds.js';
import {
  bitrateBps,
  type FlowSeries,
  pointsWithin,
  resolutionMs,
  type ThroughputPoint,
} from './throughput.js';
import type { TrialRecord } from './trial-record.js';
import { medianOf, NS_PER_MS, spanMs } from './units.js';

/** On an interface the meter's packets are counted, too: less than this share is not TCP. */
const INTERFACE_FLOOR_SHARE = 0.05;
/** The rate is averaged over this long where it must hold. */
const RATE_WINDOW_MS = 1000;

export interface TcpOutcome {
  series: FlowSeries;
  result: TcpResult;
  /** Start and end of the interval in which bytes moved again; null = not seen. */
  movingAgain: ThroughputPoint | null;
  recoveredTo90Ns: number | null;
  /** Until here 90 % was not held for 5 s: the lower bound where it was never seen. */
  notHeldBeforeMs: number;
}

export interface NetworkView {
  /** Worst outage of the pair the flow runs between; null = censored. */
  outageMs: number | null;
  /** Only a heal ended that outage. */
  untilHeal: boolean;
  roundTripMs: number;
}

/** Median rate before the first fault, the first second left out; 0 without samples. */
export function baselineRateBps(series: FlowSeries, untilNs: number, cleanMs: number): number {
  const startNs = series.points[0]?.startNs ?? 0;
  const settledNs = startNs + slowStartMs * NS_PER_MS;
  const fromNs = Math.max(settledNs, untilNs - Math.max(cleanMs, slowStartMs) * NS_PER_MS);
  const clean = pointsWithin(series.points, fromNs, untilNs);
  const used = clean.length > 0 ? clean : pointsWithin(series.points, startNs, untilNs);
  const bytes = used.reduce((sum, point) => sum + point.bytes, 0);
  const spanNs = used.reduce((sum, point) => sum + point.endNs - point.startNs, 0);
  return spanNs > 0 ? Math.round((bytes * 8e9) / spanNs) : 0;
}

/** True when no byte arrived after the first second, though the flow was watched for longer. */
export function neverMoved(series: FlowSeries): boolean {
  const startNs = series.points[0]?.startNs ?? 0;
  const later = series.points.filter((point) => point.endNs > startNs + slowStartMs * NS_PER_MS);
  return later.length > 0 && later.every((point) => point.bytes === 0);
}

/** Stall, recovery to 90 % held for 5 s, bytes missed and retransmits around one change. */
export function judgeTcp(
  series: FlowSeries,
  change: Change,
  baselineBps: number,
  network: NetworkView,
  trial: TrialRecord,
): TcpOutcome {
  const floorBps = series.source === 'interface' ? baselineBps * INTERFACE_FLOOR_SHARE : 0;
  const stall = longestStall(series, change, { floorBps, baselineBps, soFar: trial.soFar });
  const end = stall && stallEndOf(stall, change, resolutionMs(series));
  const untilHeal = end?.ending === 'heal' && !isLadder(end, network, resolutionMs(series));
  const held = recoveriesTo90(series, change, baselineBps, { stall, untilHeal });
  const censored = stall !== null && (stall.open || untilHeal);
  const stallAtLeastMs = untilHeal ? (end?.untilHealMs ?? 0) : (end?.stallMs ?? 0);
  const movingAgain = stall && !stall.open ? stall.next : null;
  const movingMs = movingAgain ? Math.max(0, spanMs(movingAgain.startNs - change.atNs)) : null;
  const seenNs = held.beforeHealNs ?? held.afterHealNs;
  const result: TcpResult = {
    flow: series.flow.id,
    stallMs: censored ? null : stallAtLeastMs,
    stallAtLeastMs,
    stallRangeMs: censored ? null : (end?.rangeMs ?? null),
    stallEnding:
      end === null ? null : end.ending === 'heal' && !untilHeal ? 'recovered' : end.ending,
    stallWithHealMs: stall === null || stall.open ? null : (end?.stallMs ?? null),
    resolutionMs: resolutionMs(series),
    recoveredTo90Ms: afterChangeMs(held.beforeHealNs, change),
    recoveredTo90AfterHealMs: afterChangeMs(held.afterHealNs, change),
    movingAgainMs: movingMs,
    baselineBps,
    bytesMissed: bytesMissed(series, change, baselineBps, seenNs ?? trial.trafficEndNs),
    recovered: !censored && held.beforeHealNs !== null,
    retransmits: retransmitsWithin(series, change.beforeNs, change.untilNs),
    mssBytes: series.mssBytes,
    ...predictStall(network.outageMs, network.roundTripMs, network.untilHeal),
    rateDuringFaultBps: change.change === 'injected' ? rateDuring(series, change) : null,
  };
  const lastNs = series.points.at(-1)?.endNs ?? change.atNs;
  const watchedMs = spanMs(lastNs - change.atNs) - thresholds.recoveredHeldMs;
  const healNs = change.laterHeals[0]?.beforeNs ?? lastNs;
  const notHeldBeforeMs =
    held.afterHealNs === null ? watchedMs : spanMs(Math.min(healNs, lastNs) - change.atNs);
  return {
    series,
    result,
    movingAgain,
    recoveredTo90Ns: held.beforeHealNs,
    notHeldBeforeMs: Math.max(stallAtLeastMs, notHeldBeforeMs),
  };
}

/**
 * Bytes moved again only after a heal, but because of TCP's own timer: the network had recovered by
 * itself, and the stall is no longer than the retransmission ladder makes of that outage.
 */
function isLadder(end: StallEnd, network: NetworkView, intervalMs: number): boolean {
  const { outageMs, untilHeal, roundTripMs } = network;
  if (untilHeal || outageMs === null || outageMs === 0) return false;
  return end.stallMs <= longestStallAfterMs(outageMs, roundTripMs) + 2 * intervalMs;
}

function afterChangeMs(atNs: number | null, change: Change): number | null {
  return atNs === null ? null : Math.max(0, spanMs(atNs - change.atNs));
}

/** When 90 % of the rate was held again: before any heal, or, where it was not, after the next. */
function recoveriesTo90(
  series: FlowSeries,
  change: Change,
  baselineBps: number,
  { stall, untilHeal }: { stall: Stall | null; untilHeal: boolean },
): { beforeHealNs: number | null; afterHealNs: number | null } {
  const none = { beforeHealNs: null, afterHealNs: null };
  if (stall?.open) return none;
  const fromNs = Math.max(change.beforeNs, stall?.next?.startNs ?? change.beforeNs);
  const beforeHealNs = untilHeal ? null : recoveredToShare(series, change, baselineBps, fromNs);
  const [heal] = change.laterHeals;
  if (beforeHealNs !== null || !heal) return { ...none, beforeHealNs };
  const { untilNs, lastsToEnd } = heal;
  const span = { ...change, untilNs, lastsToEnd };
  const afterHealNs = recoveredToShare(series, span, baselineBps, Math.max(fromNs, heal.beforeNs));
  return { ...none, afterHealNs };
}

/**
 * Start of the first interval from `fromNs` on (the fault, or the end of the stall: a stalled flow
 * has no rate) from which the rate stays at 90 % of the baseline for 5 s, averaged over a second.
 * Only the next planned change may end the 5 s early. Null = not seen.
 */
function recoveredToShare(
  series: FlowSeries,
  change: Change,
  baselineBps: number,
  fromNs: number,
): number | null {
  if (baselineBps <= 0) return null;
  const target = baselineBps * thresholds.recoveredRateShare;
  const lastNs = series.points.at(-1)?.endNs ?? 0;
  const heldNs = thresholds.recoveredHeldMs * NS_PER_MS;
  const windowNs = Math.max(RATE_WINDOW_MS, resolutionMs(series)) * NS_PER_MS;
  const boundNs = change.lastsToEnd ? Infinity : change.untilNs;
  for (const [index, point] of series.points.entries()) {
    if (point.endNs <= fromNs) continue;
    if (point.startNs >= boundNs && boundNs > change.beforeNs + windowNs) break;
    const cut = point.startNs + windowNs <= boundNs;
    const untilNs = Math.min(point.startNs + heldNs, cut ? boundNs : Infinity);
    if (untilNs > lastNs + windowNs / 10) return null;
    if (bitrateBps(point) < target) continue;
    if (holds(series.points, index, untilNs, windowNs, target)) return point.startNs;
  }
  return null;
}

function holds(
  points: readonly ThroughputPoint[],
  firstIndex: number,
  untilNs: number,
  windowNs: number,
  targetBps: number,
): boolean {
  let bytes = 0;
  let tail = firstIndex;
  const first = points[firstIndex];
  for (let index = firstIndex; index < points.length; index += 1) {
    const point = points[index];
    if (!point || !first || point.endNs > untilNs + windowNs / 100) break;
    bytes += point.bytes;
    let oldest = points[tail];
    while (oldest && tail < index && point.endNs - oldest.startNs > windowNs * 1.001) {
      bytes -= oldest.bytes;
      tail += 1;
      oldest = points[tail];
    }
    if (!oldest || point.endNs - oldest.startNs < windowNs * 0.999) continue;
    if ((bytes * 8e9) / (point.endNs - oldest.startNs) < targetBps) return false;
  }
  return true;
}

function bytesMissed(
  series: FlowSeries,
  change: Change,
  baselineBps: number,
  untilNs: number,
): number {
  const span = pointsWithin(series.points, change.beforeNs, Math.max(untilNs, change.beforeNs));
  const delivered = span.reduce((sum, point) => sum + point.bytes, 0);
  const spanNs = span.reduce((sum, point) => sum + point.endNs - point.startNs, 0);
  return Math.max(0, Math.round((baselineBps * spanNs) / 8e9 - delivered));
}

function rateDuring(series: FlowSeries, change: Change): number | null {
  const rates = pointsWithin(series.points, change.afterNs, change.untilNs).map(bitrateBps);
  const median = medianOf(rates);
  return median === null ? null : Math.round(median);
}

function retransmitsWithin(series: FlowSeries, fromNs: number, toNs: number): number | null {
  const counts = series.senderPoints
    .filter((point) => point.endNs > fromNs && point.startNs < toNs)
    .map((point) => point.retransmits)
    .filter((count) => count !== null);
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}
