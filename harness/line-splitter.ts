/** Cuts a stream of text into lines of bounded length. */
import type { Readable } from 'node:stream';

/**
 * Calls `onLine` for each line. A line longer than `maxLength` characters is dropped whole and
 * `onTooLong` is called once for it, so that a child gone wild cannot fill the memory. A last line
 * without a newline counts `withCutOffEnd` alone: half a message is none, a last word is one.
 */
export function splitLines(
  stream: Readable,
  maxLength: number,
  onLine: (line: string) => void,
  onTooLong: () => void,
  { withCutOffEnd = false }: { withCutOffEnd?: boolean } = {},
): void {
  let pending = '';
  let dropping = false;
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      const line = pending + chunk.slice(from, end);
      from = end + 1;
      pending = '';
      if (dropping) dropping = false;
      else if (line.length > maxLength) onTooLong();
      else onLine(line);
    }
    // Joined and never searched again, so that a long line costs its length once.
    pending += chunk.slice(from);
    if (pending.length > maxLength) {
      if (!dropping) onTooLong();
      dropping = true;
    }
    if (dropping) pending = '';
  });
  stream.on('end', () => {
    if (withCutOffEnd && pending !== '') onLine(pending);
  });
}
