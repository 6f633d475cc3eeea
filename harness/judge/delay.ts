/** One-way delay, from windows of kernel receive stamps minus send stamps (one shared clock). */
import type { EventOf } from '../model/history/events.js';
import { medianOf, NS_PER_MS, roundMs } from './units.js';

/** The windows of one direction of a meter, as it reported them. */
interface Windows {
  received: ReadonlyArray<EventOf<'meter.received'>>;
}

/** Median of the windows' medians that were reported in [fromNs, toNs); null without any. */
export function medianDelayMs(record: Windows, fromNs: number, toNs: number): number | null {
  const medians: number[] = [];
  for (const window of record.received) {
    if (window.delayNs && window.atNs >= fromNs && window.atNs < toNs) {
      medians.push(window.delayNs.median);
    }
  }
  const median = medianOf(medians);
  return median === null ? null : roundMs(median / NS_PER_MS);
}

/** Longest one-way delay reported in [fromNs, toNs); null without any. */
export function longestDelayMs(record: Windows, fromNs: number, toNs: number): number | null {
  let longest: number | null = null;
  for (const window of record.received) {
    if (window.delayNs && window.atNs >= fromNs && window.atNs < toNs) {
      longest = Math.max(longest ?? 0, window.delayNs.max);
    }
  }
  return longest === null ? null : roundMs(longest / NS_PER_MS);
}

/**
 * Additive Backup Delay: forwarding delay on the backup path minus that on the primary. May be
 * negative (RFC 6414 §3.5.5, equation 1).
 */
export function additiveBackupDelayMs(
  beforeMs: number | null,
  afterMs: number | null,
): number | null {
  return beforeMs === null || afterMs === null ? null : roundMs(afterMs - beforeMs);
}
