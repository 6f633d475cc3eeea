/** Whether the meter sent in time, and by one clock. */
import type { EventOf } from '../model/history/events.js';
import { invalidBy, type Reason } from '../model/reason.js';
import type { MeterRecord } from './meter-record.js';
import { thresholds } from './thresholds.js';
import { NS_PER_MS, roundMs, spanMs } from './units.js';

/**
 * Longest time between two sends, as far as the windows show. A sender that stands still to the end
 * of the traffic never sends the packet that would show it, so the end counts as one.
 */
export function worstGapNs(meter: MeterRecord, trafficEndNs: number): number {
  let worst = 0;
  let previous: EventOf<'meter.sent'> | null = null;
  for (const window of meter.sent) {
    const even = (window.count - 1) * meter.slotNs;
    worst = Math.max(worst, window.lastTxNs - window.firstTxNs - even + meter.slotNs);
    if (previous) worst = Math.max(worst, window.firstTxNs - previous.lastTxNs);
    for (const [, beforeNs, txNs] of window.gaps ?? []) worst = Math.max(worst, txNs - beforeNs);
    previous = window;
  }
  return previous ? Math.max(worst, trafficEndNs - previous.lastTxNs) : worst;
}

/** A sender that was stalled, or was late too often. */
export function starvationReasons(
  meters: readonly MeterRecord[],
  gapNs: number,
  latenessNs: number,
): Reason[] {
  const worstMs = spanMs(Math.max(gapNs, latenessNs));
  const windows = meters.flatMap((meter) => meter.sent);
  const late = windows.filter(
    (window) => window.maxLateNs > thresholds.lateWindowMs * NS_PER_MS,
  ).length;
  const latePercent = windows.length === 0 ? 0 : (100 * late) / windows.length;
  if (worstMs > thresholds.starvedMs) {
    const data = { worstMs, limitMs: thresholds.starvedMs };
    return [invalidBy('machine', 'sender-stood-still', data)];
  }
  if (late > 1 && latePercent > thresholds.lateWindowsPercent) {
    return [
      invalidBy('machine', 'sender-late', {
        lateMs: thresholds.lateWindowMs,
        percent: roundMs(latePercent),
        limitPercent: thresholds.lateWindowsPercent,
      }),
    ];
  }
  return [];
}

/**
 * Send stamps of a sender that paces itself never run ahead of its pace, unless its clock was
 * stepped. (A stepped wall clock is not a reason: it can spoil a one-way delay, never an outage.)
 */
export function clockReasons(meters: readonly MeterRecord[]): Reason[] {
  const stepped = meters.some((meter) => aheadOfPaceNs(meter) > thresholds.clockStepMs * NS_PER_MS);
  return stepped ? [invalidBy('machine', 'clock-stepped', {})] : [];
}

/** Furthest that a send stamp of the traffic lies before the earliest pace seen so far. */
function aheadOfPaceNs(meter: MeterRecord): number {
  const firstOfTraffic = meter.sent[0]?.firstSequence ?? 0;
  let earliest = Number.POSITIVE_INFINITY;
  let furthest = 0;
  for (const [sequence, txNs] of meter.sendPoints) {
    const offset = txNs - sequence * meter.slotNs;
    if (sequence > firstOfTraffic) furthest = Math.max(furthest, earliest - offset);
    earliest = Math.min(earliest, offset);
  }
  return furthest;
}
