/**
 * When packets were sent that can have met a full buffer of this machine: the spans of its drops,
 * moved back by the time a packet was on its way. Found by halving, since a busy machine drops in a
 * thousand spans and loses in as many loss periods.
 */
import type { EventOf } from '../model/history/events.js';
import { longestDelayMs } from './delay.js';
import type { DropSpan } from './drop-spans.js';
import { thresholds } from './thresholds.js';
import { NS_PER_MS } from './units.js';

export interface SentSpan {
  fromNs: number;
  untilNs: number;
  /** Dropped then, whatever packets they were. */
  packets: number;
  /** The latest `untilNs` of this span and of all before it. */
  reachNs: number;
}

/** Delay is read this long around a drop. */
const DELAY_AROUND_NS = 1000 * NS_PER_MS;

/** One for each span of drops, ascending by `fromNs`. */
export function sentSpansOf(
  drops: readonly DropSpan[],
  received: ReadonlyArray<EventOf<'meter.received'>>,
  intervalNs: number,
): SentSpan[] {
  const spans = drops
    .map(({ sinceNs, atNs, packets }) => {
      const longestMs =
        longestDelayMs({ received }, sinceNs - DELAY_AROUND_NS, atNs + DELAY_AROUND_NS) ??
        thresholds.unknownDelayMs;
      const delayMs = Math.min(Math.max(longestMs, 0), thresholds.inFlightAtMostMs);
      const fromNs = sinceNs - delayMs * NS_PER_MS - 2 * intervalNs;
      return { fromNs, untilNs: atNs, packets, reachNs: atNs };
    })
    .sort((one, other) => one.fromNs - other.fromNs);
  let reachNs = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    reachNs = Math.max(reachNs, span.untilNs);
    span.reachNs = reachNs;
  }
  return spans;
}

/** The spans that hold a moment of [fromNs, toNs), ascending by `fromNs`. */
export function spansOver(spans: readonly SentSpan[], fromNs: number, toNs: number): SentSpan[] {
  let place = firstFrom(spans, toNs) - 1;
  const over: SentSpan[] = [];
  for (let span = spans[place]; span && span.reachNs > fromNs; span = spans[--place]) {
    if (span.untilNs > fromNs) over.push(span);
  }
  return over.reverse();
}

/** Place of the first span that begins at `atNs` or later. */
function firstFrom(spans: readonly SentSpan[], atNs: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.fromNs ?? 0) < atNs) low = middle + 1;
    else high = middle;
  }
  return low;
}
