/** A line of the runner's event stream, as what goes into the record. Pure. */
import type { z } from 'zod';
import { readBoundedJson, shownValue } from '../bounded-json.js';
import { type DriveNote, driveNote } from '../lab/modes/drive.js';
import { type EventOf, type HistoryEvent, historyEvent } from '../model/history/events.js';
import { fitsLine, historyBounds } from '../model/history/line.js';

const limits = { characters: historyBounds.lineBytes, depth: historyBounds.depth };

/** The note to the supervisor that a line is; null for every other line, which is an event's. */
export function noteOfLine(line: string): DriveNote | null {
  if (!line.startsWith('{"note"')) return null;
  const read = readBoundedJson(line, limits);
  const note = 'value' in read ? driveNote.safeParse(read.value) : null;
  return note?.success ? note.data : null;
}

/**
 * The event of a line. One that no reader of the record would take is replaced by an event that
 * names its kind, its field and the value, so that the trial is judged without it.
 * @param place Of the trial that is going on.
 * @param nowNs By the clock of its site.
 */
export function eventOfLine(
  line: string,
  place: { trial: number; attempt?: number },
  nowNs: number,
): HistoryEvent {
  const read = readBoundedJson(line, limits);
  if (!('value' in read) || !fitsLine(line))
    return { ...unreadable('line', line, nowNs), ...place };
  const event = historyEvent.safeParse(read.value);
  return event.success ? event.data : { ...refused(read.value, event.error, nowNs), ...place };
}

function refused(value: unknown, error: z.ZodError, nowNs: number): Unreadable {
  const path = error.issues[0]?.path ?? [];
  const kind = at(value, ['kind']);
  const what = typeof kind === 'string' ? { what: kind.slice(0, 80) } : {};
  const field = path.length === 0 ? 'line' : path.map(String).join('.').slice(0, 200);
  return { ...unreadable(field, at(value, path), nowNs), ...what };
}

type Unreadable = Omit<EventOf<'unreadable'>, 'trial' | 'attempt'>;

function unreadable(field: string, value: unknown, atNs: number): Unreadable {
  const fields = { source: { role: 'runner' as const }, field, value: shownValue(value), times: 1 };
  return { kind: 'unreadable', atNs, ...fields, lost: 'event' };
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown>)?.[key],
    value,
  );
}
