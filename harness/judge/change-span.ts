/** Which loss a change answers for: what begins in its span, as far as packets on the way allow. */
import type { Boundary, Change } from './changes.js';
import { longestDelayMs } from './delay.js';
import type { LossRun } from './loss-periods.js';
import type { MeterRecord } from './meter-record.js';
import { thresholds } from './thresholds.js';
import { NS_PER_MS } from './units.js';

/** Delay is read this long before a change. */
export const DELAY_BEFORE_MS = 5000;

/**
 * Loss before this stamp was there before the change: packets on the way may die in it. Where the
 * change before it came so shortly before that they may have died in either, it was the earlier,
 * until this one had taken effect.
 */
export function lossBeginsNs(record: MeterRecord, change: Boundary): number {
  if (change.faultKind === null) return change.beforeNs;
  const marginNs = inFlightNs(record, change.beforeNs);
  const { beforeNs, afterNs, sinceNs } = change;
  return sinceNs !== null && beforeNs - sinceNs < 2 * marginNs ? afterNs : beforeNs - marginNs;
}

/** The longest that a packet sent before this moment may have been on its way, and its slot. */
export function inFlightNs(record: MeterRecord, atNs: number): number {
  // Four times the longest that counts: the first packets of a meter, which wait for addresses and
  // a path, say nothing of those that are on their way later. Most of them are sent before the
  // traffic begins.
  const recentNs = atNs - 4 * thresholds.inFlightAtMostMs * NS_PER_MS;
  const fromNs = Math.max(recentNs, record.trafficStartNs);
  const longestMs = longestDelayMs(record, fromNs, atNs) ?? thresholds.unknownDelayMs;
  const delayMs = Math.min(Math.max(longestMs, 0), thresholds.inFlightAtMostMs);
  // Send stamps between two reports are spread evenly; those of a sparse meter are all exact.
  return (
    delayMs * NS_PER_MS + Math.min(2 * record.intervalNs, thresholds.stampSpreadMs * NS_PER_MS)
  );
}

/** What begins in this span a change answers for. */
export function spanOf(record: MeterRecord, change: Change): [fromNs: number, untilNs: number] {
  const untilNs = change.next
    ? lossBeginsNs(record, change.next)
    : change.untilNs - (change.faultKind === null ? 0 : inFlightNs(record, change.beforeNs));
  return [lossBeginsNs(record, change), untilNs];
}

/**
 * The loss periods a change answers for: those that begin in its span. The whole traffic of a trial
 * without faults answers for one that began before it as well: no other change does.
 */
export function runsOfChange(record: MeterRecord, change: Change): LossRun[] {
  const [fromNs, untilNs] = spanOf(record, change);
  return record.runs.filter(({ firstLostNs, lastLostNs }) => {
    const counts = change.faultKind === null ? lastLostNs : firstLostNs;
    return counts >= fromNs && firstLostNs < untilNs;
  });
}
