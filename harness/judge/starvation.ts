/** Whether this machine kept a lab from working in time, by what the record counts. */
import type { HistoryEvent } from '../model/history/events.js';
import { dropSpansOf } from './drop-spans.js';
import { thresholds } from './thresholds.js';
import { waitedShare } from './waited-share.js';

/**
 * How long a switch or controller waited for a processor in a span, as the part of a sentence; null
 * where that was not long. Where it was, what took too long may go well when it is run again.
 */
export function waitedWords(
  events: readonly HistoryEvent[],
  fromNs: number,
  untilNs: number,
): string | null {
  const waited = waitedShare(events, fromNs, untilNs);
  if (!waited || waited.share < thresholds.waitedShare) return null;
  return `while ${waited.who} waited for a processor for ${Math.round(waited.share * 100)} % of the time`;
}

/** The same, or how many packets this machine dropped in the span. */
export function starvationWords(
  events: readonly HistoryEvent[],
  fromNs: number,
  untilNs: number,
): string | null {
  const dropped = dropSpansOf(events)
    .filter(({ sinceNs, atNs }) => atNs > fromNs && sinceNs < untilNs)
    .reduce((sum, { packets }) => sum + packets, 0);
  const drops =
    dropped === 0
      ? null
      : `while this machine dropped ${dropped === 1 ? '1 packet' : `${dropped} packets`}`;
  return waitedWords(events, fromNs, untilNs) ?? drops;
}
