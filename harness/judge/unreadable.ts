/** What a program printed and nobody could read: it is unknown, or a piece of the record is missing. */
import type { EventOf } from '../model/history/events.js';
import { eventsOf, type TrialRecord } from './trial-record.js';

type Unreadable = EventOf<'unreadable'>;

/** Events that are missing from the record: without them the trial cannot be trusted. */
export function missingEventReasons({ events }: Pick<TrialRecord, 'events'>): string[] {
  return merged(events, 'event').map(
    (one) => `${one.times} events are missing from the record: ${cause(one)}`,
  );
}

/** Values that are unknown in the record: the rest of it stands. */
export function unknownValueRemarks({ events }: Pick<TrialRecord, 'events'>): string[] {
  return merged(events, 'value').map((one) => `${one.times} values are unknown: ${cause(one)}`);
}

function cause({ source, what, field, value }: Unreadable): string {
  const of = what === undefined ? '' : ` of ${what}`;
  return `${source} printed ${value} as ${field}${of}`;
}

/** One of each source and field, since a bad row rarely comes alone. */
function merged(events: TrialRecord['events'], lost: Unreadable['lost']): Unreadable[] {
  const found = new Map<string, Unreadable>();
  for (const event of eventsOf(events, 'unreadable')) {
    if (event.lost !== lost) continue;
    const key = JSON.stringify([event.source, event.what, event.field]);
    const before = found.get(key);
    found.set(key, before ? { ...before, times: before.times + event.times } : event);
  }
  return [...found.values()];
}
