/** Marks by key press while a network is watched. */
import type { ReadStream } from 'node:tty';

interface KeyActions {
  mark(text: string): void;
  end(): void;
}

/**
 * Each key marks its moment: space and enter as `mark`, others by their own sign. `q` and Ctrl-C
 * end. Does nothing without a terminal. Returns how to give the terminal back.
 */
export function keysOf(input: ReadStream, { mark, end }: KeyActions): () => void {
  if (!input.isTTY) return () => {};
  const onData = (bytes: Buffer) => {
    const text = bytes.toString('utf8');
    // Arrows and the like begin with an escape and mean nothing here.
    if (text.startsWith('\u001b')) return;
    for (const key of text) {
      if (key === 'q' || key === '\u0003') end();
      else if (key === ' ' || key === '\r' || key === '\n') mark('mark');
      else if (key >= '!') mark(`key ${key}`);
    }
  };
  input.setRawMode(true);
  input.on('data', onData);
  input.resume();
  return () => {
    input.off('data', onData);
    input.setRawMode(false);
    input.pause();
  };
}
