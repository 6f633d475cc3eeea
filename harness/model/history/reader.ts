/** Reads a recorded history: strict about every whole line, tolerant of a cut-off end. */
import { isUtf8 } from 'node:buffer';
import { closeSync, readSync } from 'node:fs';
import { readBoundedJson, shownValue } from '../../bounded-json.js';
import { LabError, messageOf } from '../../errors.js';
import { openRegular } from '../../safe-files.js';
import { type HistoryEvent, historyEvent, historyVersion } from './events.js';
import { historyBounds } from './line.js';
import { onceName } from './once.js';
import { VersionUpgrade } from './version-1.js';

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
    collector.take(Buffer.from(source));
  } else {
    let separator = '';
    for (const line of source) {
      collector.take(Buffer.from(separator + (line.endsWith('\n') ? line.slice(0, -1) : line)));
      separator = '\n';
    }
  }
  return collector.finish();
}

/**
 * Reads a history file piece by piece. One that has too many lines or bytes is refused before its
 * first line is parsed.
 * @throws LabError RECORD_UNREADABLE when it is missing, is not a regular file, is too large, or a
 *   whole line is not an event.
 */
export async function readHistoryFile(path: string): Promise<ReadHistory> {
  try {
    const { descriptor, stats } = openRegular(path);
    try {
      if (stats.size > historyBounds.bytes) {
        throw new Error(`it has ${stats.size} bytes; at most ${historyBounds.bytes} are read`);
      }
      refuseManyLines(descriptor);
      refuseCompressed(descriptor);
      const collector = new Collector();
      for (const piece of piecesOf(descriptor)) {
        collector.take(piece);
        // Between two pieces the process stays able to answer a signal.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return collector.finish();
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof LabError) throw inFile(path, error);
    throw new LabError('RECORD_UNREADABLE', `Cannot read ${path}: ${messageOf(error)}.`, {
      cause: error,
      hint: 'Name the history.ndjson of a run, or the folder that holds it.',
    });
  }
}

const pieceBytes = 1024 * 1024;
const newline = 10;

/** Every piece is a buffer of its own: lines may be cut from it later. */
function* piecesOf(descriptor: number): Generator<Buffer> {
  let place = 0;
  for (;;) {
    const buffer = Buffer.allocUnsafe(pieceBytes);
    const length = readSync(descriptor, buffer, 0, pieceBytes, place);
    if (length === 0 || place > historyBounds.bytes) return;
    place += length;
    yield buffer.subarray(0, length);
  }
}

/** Of several records that a command reads, the one that is meant. */
function inFile(path: string, { code, message, hint, details, cause }: LabError): LabError {
  const options = { details: { ...details, file: path }, cause };
  return new LabError(
    code,
    `${path}: ${message}`,
    hint === undefined ? options : { ...options, hint },
  );
}

function refuseCompressed(descriptor: number): void {
  const start = Buffer.alloc(gzipMark.length);
  readSync(descriptor, start, 0, start.length, 0);
  if (start.equals(gzipMark)) throw new Error('it is compressed by gzip; unpack it with gunzip');
}

/** RFC 1952, section 2.3.1. */
const gzipMark = Buffer.from([0x1f, 0x8b]);

/** Counting takes a thousandth of the time of parsing. */
function refuseManyLines(descriptor: number): void {
  let lines = 0;
  for (const piece of piecesOf(descriptor)) {
    for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, at + 1)) lines += 1;
    if (lines > historyBounds.lines) {
      throw new Error(`it has more than ${historyBounds.lines} lines`);
    }
  }
}

/** Cuts pieces into lines and lines into events. */
class Collector {
  readonly #events: HistoryEvent[] = [];
  /** The line of each event that a record holds once. */
  readonly #once = new Map<string, number>();
  readonly #upgrade = new VersionUpgrade();
  /** Pieces of a line whose end has not come yet. */
  #rest: Buffer[] = [];
  #restBytes = 0;
  #lineNumber = 0;
  /** A line that was cut off: whole again only by the mark of a resumption just below it. */
  #cut: LabError | null = null;
  #cutIsText = true;

  take(piece: Buffer): void {
    let fromIndex = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, fromIndex)) {
      const part = piece.subarray(fromIndex, end);
      const line = this.#restBytes === 0 ? part : Buffer.concat([...this.#rest, part]);
      this.#rest = [];
      this.#restBytes = 0;
      this.#line(line);
      fromIndex = end + 1;
    }
    if (fromIndex === piece.length) return;
    this.#rest.push(piece.subarray(fromIndex));
    this.#restBytes += piece.length - fromIndex;
    if (this.#restBytes > historyBounds.lineBytes) this.#tooLong(this.#lineNumber + 1);
  }

  /** The last line has no newline: an event if it is whole, else what a cut left behind. */
  finish(): ReadHistory {
    const rest = Buffer.concat(this.#rest);
    const above = this.#cut;
    try {
      this.#line(rest);
    } catch (error) {
      if (above) throw above;
      if (!(error instanceof LabError)) throw error;
      return { events: this.#events, truncated: true };
    }
    // Nothing but a newline follows: only what is not JSON may be what a cut left behind.
    if (above && rest.length === 0 && !this.#cutIsText) throw above;
    const truncated = this.#cut !== null || (rest.length > 0 && textOf(rest) === '');
    return { events: this.#events, truncated };
  }

  #line(bytes: Buffer): void {
    this.#lineNumber += 1;
    const line = this.#lineNumber;
    if (bytes.length > historyBounds.lineBytes) this.#tooLong(line);
    const event = this.#event(bytes, line);
    if (event === null) return;
    if (this.#events.length >= historyBounds.lines) {
      throw unreadable(line, `more than ${historyBounds.lines} lines`);
    }
    // Several records in one file would be judged as the first: what merge joins are files.
    if (event.kind === 'run.header' && this.#events.length > 0) {
      throw unreadable(line, 'a second record begins here; run.header is allowed only on line 1');
    }
    this.#refuseTwice(event, line);
    this.#events.push(event);
  }

  #refuseTwice(event: HistoryEvent, line: number): void {
    const name = onceName(event);
    if (name === null) return;
    const before = this.#once.get(name);
    if (before !== undefined) throw unreadable(line, `${name} stands on line ${before} already`);
    this.#once.set(name, line);
  }

  /** Null for what a cut left behind, and for zeros after a crash. */
  #event(bytes: Buffer, line: number): HistoryEvent | null {
    const text = textOf(bytes);
    if (text === '') return null;
    const readable = isUtf8(bytes);
    try {
      if (!readable) throw unreadable(line, 'not valid UTF-8');
      const event = parseEvent(text, line, this.#upgrade);
      if (this.#cut && event.kind !== 'run.resumed') throw this.#cut;
      this.#cut = null;
      return event;
    } catch (error) {
      if (this.#cut && !isBeginning(text)) throw this.#cut;
      // A cut-off line is never JSON: one that is was written so.
      if (!(error instanceof LabError) || (readable && isJson(text))) throw error;
      this.#cutIsText = readable;
      this.#cut ??= error;
      return null;
    }
  }

  #tooLong(lineNumber: number): never {
    throw unreadable(lineNumber, `longer than ${historyBounds.lineBytes} bytes`);
  }
}

/** Without the zeros that a crash may leave. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8').trim();
  return text.includes('\0') ? text.replaceAll('\0', '').trim() : text;
}

/** The mark of a resumption may be cut off as well. */
function isBeginning(text: string): boolean {
  const mark = '{"kind":"run.resumed"';
  return text.startsWith(mark) || mark.startsWith(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parseEvent(text: string, lineNumber: number, upgrade: VersionUpgrade): HistoryEvent {
  const limits = { characters: historyBounds.lineBytes, depth: historyBounds.depth };
  const read = readBoundedJson(text, limits);
  if ('problem' in read) throw unreadable(lineNumber, read.problem, read.cause);
  const parsed = historyEvent.safeParse(upgrade.current(read.value));
  if (parsed.success) return parsed.data;
  const version = versionOf(read.value);
  if (version !== undefined && version !== 1 && version !== historyVersion) {
    const message = `Line ${lineNumber} of the history: its schemaVersion is ${shownValue(version)}, and this version of failover-lab reads 1 and ${historyVersion}.`;
    const hint = 'Read the record with the version of failover-lab that wrote it.';
    throw new LabError('RECORD_UNREADABLE', message, { hint, details: { line: lineNumber } });
  }
  const issue = parsed.error.issues[0];
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  throw unreadable(lineNumber, `not a history event${where}: ${issue?.message ?? ''}`.trim());
}

/** The version that the head of a record states. */
function versionOf(event: unknown): unknown {
  const stated = typeof event === 'object' && event !== null && 'schemaVersion' in event;
  return stated ? event.schemaVersion : undefined;
}

function unreadable(lineNumber: number, problem: string, cause?: unknown): LabError {
  return new LabError('RECORD_UNREADABLE', `Line ${lineNumber} of the history: ${problem}.`, {
    cause,
    details: { line: lineNumber },
    hint: 'Only the last line may be cut off. The file may have been edited, or written by another version.',
  });
}
