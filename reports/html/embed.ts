/** How data is put into a page: JSON that cannot end its script element, and packed text. */
import { gzipSync } from 'node:zlib';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import type { EventExtent } from './data.js';

/** JSON for a script element of a data type: no `<`, so that no tag can begin or end in it. */
export function embeddedJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}

/** Gzip in base64; the page unpacks it with DecompressionStream. */
export function packed(text: string): string {
  return gzipSync(text, { level: 7 }).toString('base64');
}

/** Kinds that come by the thousand, in the order in which a page does best without them. */
const plentiful = new Set([
  'meter.received',
  'meter.sent',
  'controller.log',
  'observe.messages',
  'traffic.sample',
  'pressure',
  'iperf.interval',
]);

function lines(events: HistoryEvent[], keepEvery: number): string[] {
  const seen = new Map<string, number>();
  const kept: string[] = [];
  for (const event of events) {
    const count = seen.get(event.kind) ?? 0;
    seen.set(event.kind, count + 1);
    if (count % keepEvery === 0 || !plentiful.has(event.kind)) kept.push(JSON.stringify(event));
  }
  return kept;
}

/** The history as it stands in a page, and how much of it that is. */
export interface PackedEvents {
  text: string;
  extent: EventExtent;
}

/**
 * The history as packed NDJSON of at most about `bytesMax`. When it is larger, the plentiful
 * kinds are thinned evenly, and the extent says so. Other kinds are always complete.
 */
export function packedEvents(events: HistoryEvent[], bytesMax: number): PackedEvents {
  let keepEvery = 1;
  for (;;) {
    const kept = lines(events, keepEvery);
    const text = packed(kept.join('\n'));
    if (text.length <= bytesMax || keepEvery > 4096) {
      const present = new Set<string>(events.map((event) => event.kind));
      const thinned = keepEvery === 1 ? [] : [...plentiful].filter((kind) => present.has(kind));
      return { text, extent: { total: events.length, embedded: kept.length, thinned } };
    }
    keepEvery *= Math.max(2, Math.ceil(text.length / bytesMax));
  }
}

const cutNote = '[earlier lines are omitted; the complete log is beside this report]';

/** Logs of which each gets an even share of `charactersMax`; of a longer one the end is kept. */
export function boundedLogs(
  logs: Record<string, string>,
  charactersMax: number,
): Record<string, string> {
  const entries = Object.entries(logs);
  const share = Math.floor(charactersMax / Math.max(1, entries.length));
  return Object.fromEntries(
    entries.map(([name, text]) => {
      if (text.length <= share) return [name, text];
      const tail = text.slice(-share);
      return [name, `${cutNote}\n${tail.slice(tail.indexOf('\n') + 1)}`];
    }),
  );
}
