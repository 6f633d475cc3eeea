/** Reads a recorded history: strict about every whole line, tolerant of a cut-off end. */
import { createReadStream } from 'node:fs';
import { readBoundedJson } from '../bounded-json.js';
import { LabError, messageOf } from '../errors.js';
import { type HistoryEvent, historyEvent } from './events.js';

/** Bounds on what is read: a history is data from elsewhere. */
export const readerBounds = {
  lineCharacters: 1024 * 1024,
  lines: 5_000_000,
  /** Nested objects and arrays in one line. */
  depth: 64,
} as const;

export interface ReadHistory {
  events: HistoryEvent[];
  /** True when the last line was cut off and dropped. */
  truncated: boolean;
}

/**
 * Reads a history from text or from its lines.
 * @throws LabError RECORD_UNREADABLE naming the line, for a whole line that is not an event.
 */
export function readHistory(source: string | Iterable<string>): ReadHistory {
  const collector = new Collector();
  if (typeof source === 'string') {
    collector.take(source);
  } else {
    let separator = '';
    for (const line of source) {
      collector.take(separator + (line.endsWith('\n') ? line.slice(0, -1) : line));
      separator = '\n';
    }
  }
  return collector.finish();
}

/**
 * Reads a history file piece by piece.
 * @throws LabError RECORD_UNREADABLE when it is missing or a whole line is not an event.
 */
export async function readHistoryFile(path: string): Promise<ReadHistory> {
  const collector = new Collector();
  try {
    for await (const piece of createReadStream(path, { encoding: 'utf8' })) {
      collector.take(String(piece));
    }
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw new LabError('RECORD_UNREADABLE', `Cannot read ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return collector.finish();
}

/** Cuts pieces into lines and lines into events. */
class Collector {
  readonly #events: HistoryEvent[] = [];
  #rest = '';
  #lineNumber = 0;

  take(piece: string): void {
    let fromIndex = 0;
    for (;;) {
      const newline = piece.indexOf('\n', fromIndex);
      if (newline < 0) break;
      this.#line(this.#rest + piece.slice(fromIndex, newline));
      this.#rest = '';
      fromIndex = newline + 1;
    }
    this.#rest += piece.slice(fromIndex);
    if (this.#rest.length > readerBounds.lineCharacters) this.#tooLong(this.#lineNumber + 1);
  }

  /** The last line has no newline: an event if it is whole, else what a cut left behind. */
  finish(): ReadHistory {
    const rest = this.#rest.replaceAll('\0', '').trim();
    if (rest === '') return { events: this.#events, truncated: this.#rest.length > 0 };
    try {
      this.#line(rest);
      return { events: this.#events, truncated: false };
    } catch {
      return { events: this.#events, truncated: true };
    }
  }

  #line(text: string): void {
    this.#lineNumber += 1;
    if (text.trim() === '') return;
    if (this.#lineNumber > readerBounds.lines) {
      throw unreadable(this.#lineNumber, `more than ${readerBounds.lines} lines`);
    }
    if (text.length > readerBounds.lineCharacters) this.#tooLong(this.#lineNumber);
    this.#events.push(parseEvent(text, this.#lineNumber));
  }

  #tooLong(lineNumber: number): never {
    throw unreadable(lineNumber, `longer than ${readerBounds.lineCharacters} characters`);
  }
}

function parseEvent(text: string, lineNumber: number): HistoryEvent {
  const limits = { characters: readerBounds.lineCharacters, depth: readerBounds.depth };
  const read = readBoundedJson(text, limits);
  if ('problem' in read) throw unreadable(lineNumber, read.problem, read.cause);
  const parsed = historyEvent.safeParse(read.value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  throw unreadable(lineNumber, `not a history event${where}: ${issue?.message ?? ''}`.trim());
}

function unreadable(lineNumber: number, problem: string, cause?: unknown): LabError {
  return new LabError('RECORD_UNREADABLE', `Line ${lineNumber} of the history: ${problem}.`, {
    cause,
    details: { line: lineNumber },
    hint: 'Only the last line may be cut off; was the file edited, or written by another version?',
  });
}
