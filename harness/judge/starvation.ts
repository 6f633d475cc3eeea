/** Whether this machine kept a lab from working in time, by what the record counts. */
import type { HistoryEvent } from '../model/history/events.js';
import type { Starved, Waited } from '../model/reasons/shapes.js';
import { dropSpansOf } from './drop-spans.js';
import { thresholds } from './thresholds.js';
import { waitedShare } from './waited-share.js';

/**
 * How long a switch or controller waited for a processor in a span; null where that was not long.
 * Where it was, what took too long may go well when it is run again.
 */
export function waitedLong(
  events: readonly HistoryEvent[],
  fromNs: number,
  untilNs: number,
): Waited | null {
  const waited = waitedShare(events, fromNs, untilNs);
  return waited && waited.share >= thresholds.waitedShare ? waited : null;
}

/** The same, or how many packets this machine dropped in the span. */
export function starvedIn(
  events: readonly HistoryEvent[],
  fromNs: number,
  untilNs: number,
): Starved | null {
  const packetsDropped = dropSpansOf(events)
    .filter(({ sinceNs, atNs }) => atNs > fromNs && sinceNs < untilNs)
    .reduce((sum, { packets }) => sum + packets, 0);
  return waitedLong(events, fromNs, untilNs) ?? (packetsDropped === 0 ? null : { packetsDropped });
}
