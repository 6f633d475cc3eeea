/** Appends events to a history file, each line whole or not at all, and no more than is read again. */
import { closeSync, fstatSync, ftruncateSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../errors.js';
import type { HistoryEvent } from '../../model/history/events.js';
import { historyBounds, lineOf } from '../../model/history/line.js';
import { openRegular, openToAppend } from '../../safe-files.js';
import { unwritable } from './run-folder.js';

export class HistoryWriter {
  readonly #descriptor: number;
  readonly #path: string;
  /** What the file holds. */
  #bytes = 0;
  #lines = 0;
  /** Ends a line that a crash cut off, together with the first event, which marks the place. */
  #before = '';

  /**
   * Goes on at the end of a file that is there already, of which nothing is dropped. Throws
   * RUN_FOLDER_UNWRITABLE.
   */
  constructor(folder: string) {
    this.#path = join(folder, 'history.ndjson');
    try {
      this.#descriptor = openToAppend(this.#path);
      this.#measure();
    } catch (cause) {
      throw unwritable(this.#path, cause);
    }
  }

  /**
   * Throws RUN_FOLDER_UNWRITABLE when the disk is full, RECORD_TOO_LARGE when nobody could read the
   * record again. Nothing of the event is in the file then.
   */
  write(event: HistoryEvent): void {
    const text = Buffer.from(this.#before + lineOf(event));
    if (this.#lines + 1 > historyBounds.lines || this.#bytes + text.length > historyBounds.bytes) {
      const { lines, bytes } = historyBounds;
      const message = `${this.#path} has ${this.#lines} lines and ${this.#bytes} bytes; a record has at most ${lines} lines and ${bytes} bytes.`;
      const hint = 'Run fewer trials at once, and join the parts with merge.';
      throw new LabError('RECORD_TOO_LARGE', message, { hint });
    }
    try {
      writeFileSync(this.#descriptor, text);
    } catch (cause) {
      this.#undoHalf();
      throw unwritable(this.#path, cause);
    }
    this.#before = '';
    this.#bytes += text.length;
    this.#lines += 1;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #undoHalf(): void {
    try {
      ftruncateSync(this.#descriptor, this.#bytes);
    } catch {
      // Half a line at the end is what the reader expects of a crash.
    }
  }

  #measure(): void {
    if (fstatSync(this.#descriptor).size === 0) return;
    const { descriptor } = openRegular(this.#path);
    try {
      const piece = Buffer.alloc(1024 * 1024);
      let place = 0;
      for (;;) {
        const length = readSync(descriptor, piece, 0, piece.length, place);
        if (length === 0) break;
        const read = piece.subarray(0, length);
        for (let at = read.indexOf(10); at >= 0; at = read.indexOf(10, at + 1)) this.#lines += 1;
        place += length;
        this.#before = read[length - 1] === 10 ? '' : '\n';
      }
      this.#bytes = place;
    } finally {
      closeSync(descriptor);
    }
  }
}
