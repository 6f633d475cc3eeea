/** What a program printed and could not be read: it is unknown, or a piece of the record is missing. */
import type { EventOf } from '../model/history/events.js';
import { invalidBy, type Reason, reason } from '../model/reason.js';
import { eventsOf, type TrialRecord } from './trial-record.js';

type Unreadable = EventOf<'unreadable'>;

/** Events that are missing from the record: without them the trial cannot be trusted. */
export function missingEventReasons({ events }: Pick<TrialRecord, 'events'>): Reason[] {
  return merged(events, 'event').map((one) =>
    invalidBy('instrument', 'events-missing', dataOf(one)),
  );
}

/** Values that are unknown in the record: the rest of it stands. */
export function unknownValueRemarks({ events }: Pick<TrialRecord, 'events'>): Reason[] {
  return merged(events, 'value').map((one) => reason('values-unknown', dataOf(one)));
}

function dataOf({ times, source, what, field, value }: Unreadable) {
  return { times, source, what: what ?? null, field, value };
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
