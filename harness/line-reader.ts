/** The one reader of lines: of bounded length, from a stream or piece by piece. */
import type { Readable } from 'node:stream';

export interface LineOptions {
  /** Longest line, in UTF-16 units, without its newline. */
  charactersMax: number;
  onLine: (line: string) => void;
  /** Called once for a line that is too long, which is dropped whole. */
  onTooLong: () => void;
  /** A last line without a newline: half a message is none (`drop`), a last word is one. */
  cutOffEnd?: 'drop' | 'read';
}

/**
 * Cuts text into lines as it comes. A line that is too long is dropped as it comes, so that a child
 * gone wild cannot fill the memory.
 */
export class LineCutter {
  readonly #options: LineOptions;
  #pending = '';
  #dropping = false;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  add(text: string): void {
    const { charactersMax, onLine, onTooLong } = this.#options;
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = this.#pending + text.slice(from, end);
      from = end + 1;
      this.#pending = '';
      if (this.#dropping) this.#dropping = false;
      else if (line.length > charactersMax) onTooLong();
      else onLine(line);
    }
    // Joined and never searched again, so that a long line costs its length once.
    this.#pending += text.slice(from);
    if (this.#pending.length > charactersMax) {
      if (!this.#dropping) onTooLong();
      this.#dropping = true;
    }
    if (this.#dropping) this.#pending = '';
  }

  end(): void {
    const { cutOffEnd = 'drop', onLine } = this.#options;
    if (cutOffEnd === 'read' && this.#pending !== '') onLine(this.#pending);
    this.#pending = '';
  }
}

/** Reads the lines of a stream; `onEnd` is called after the last one. */
export function readLines(
  stream: Readable,
  { onEnd, ...options }: LineOptions & { onEnd?: () => void },
): void {
  const cutter = new LineCutter(options);
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => cutter.add(text));
  stream.on('end', () => {
    cutter.end();
    onEnd?.();
  });
}
