/** A log file that never grows past its bound: the older half is kept as `<name>.1`. */
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';

const boundBytes = 20 * 1024 * 1024;

export class RotatingLog {
  readonly #path: string;
  readonly #bound: number;
  #descriptor: number;
  #written = 0;

  constructor(path: string, bound = boundBytes) {
    this.#path = path;
    this.#bound = bound;
    this.#descriptor = openSync(path, 'a');
  }

  write(text: string): void {
    this.#written += Buffer.byteLength(text);
    if (this.#written > this.#bound) {
      closeSync(this.#descriptor);
      renameSync(this.#path, `${this.#path}.1`);
      this.#descriptor = openSync(this.#path, 'w');
      this.#written = Buffer.byteLength(text);
    }
    writeSync(this.#descriptor, text);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
