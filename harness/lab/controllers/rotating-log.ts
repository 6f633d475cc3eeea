/** A log file that never grows past its bound: the older half is kept as `<name>.1`. */
import { closeSync, renameSync, writeSync } from 'node:fs';
import { openToAppend } from '../../safe-files.js';

const boundBytes = 20 * 1024 * 1024;

export class RotatingLog {
  readonly #path: string;
  readonly #bound: number;
  #descriptor: number;
  #written = 0;

  constructor(path: string, bound = boundBytes) {
    this.#path = path;
    this.#bound = bound;
    this.#descriptor = openToAppend(path);
  }

  write(text: string): void {
    this.#written += Buffer.byteLength(text);
    if (this.#written > this.#bound) {
      closeSync(this.#descriptor);
      renameSync(this.#path, `${this.#path}.1`);
      this.#descriptor = openToAppend(this.#path);
      this.#written = Buffer.byteLength(text);
    }
    writeSync(this.#descriptor, text);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
