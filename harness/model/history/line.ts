/** One event as a line of a history, within the bounds that its writers and its reader share. */
import { LabError } from '../../errors.js';
import type { HistoryEvent } from './events.js';

/** A history is data from elsewhere for whoever reads it, and must be readable when it was written. */
export const historyBounds = {
  /** The head of a record of 300 nodes and 5000 links takes a third of it. */
  lineBytes: 8 * 1024 * 1024,
  /** A thousand trials of a minute. */
  lines: 2_000_000,
  bytes: 1024 * 1024 * 1024,
  /** Nested objects and arrays in one line. */
  depth: 64,
} as const;

/**
 * The event as its line, with the newline.
 * @throws LabError RECORD_TOO_LARGE when the reader would refuse it for its length.
 */
export function lineOf(event: HistoryEvent): string {
  const line = `${JSON.stringify(event)}\n`;
  if (fitsLine(line.slice(0, -1))) return line;
  const bytes = Buffer.byteLength(line);
  const message = `The event ${event.kind} would take ${bytes} bytes, and a line of a history holds ${historyBounds.lineBytes}.`;
  const hint = 'Make the network or the timeline of the scenario smaller.';
  throw new LabError('RECORD_TOO_LARGE', message, { hint, details: { kind: event.kind, bytes } });
}

/** Whether the reader takes a line (without its newline) for its length. */
export function fitsLine(line: string): boolean {
  // A character takes at most three bytes for each of its UTF-16 units.
  if (line.length <= historyBounds.lineBytes / 3) return true;
  return Buffer.byteLength(line) <= historyBounds.lineBytes;
}
