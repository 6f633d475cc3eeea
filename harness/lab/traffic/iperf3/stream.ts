/** Reads `--json-stream` output (iperf3 3.17 and later): one JSON object a line. */
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { LineCutter } from '../../../line-reader.js';
import type { Iperf3Half } from './output.js';
import { readIntervalStreams } from './output.js';

const lookEveryMs = 100;
const chunkBytes = 64 * 1024;
const longestLine = 1024 * 1024;

export interface StreamRows {
  sent: Pick<Iperf3Half, 'intervals'> | null;
  received: Pick<Iperf3Half, 'intervals'> | null;
}

/** One line's rows; null when it is not an interval. */
export function readStreamLine(line: string, omitMs = 0): StreamRows | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('event' in value) || !('data' in value)) {
    return null;
  }
  const rows = value.event === 'interval' ? readIntervalStreams(value.data, omitMs) : null;
  if (rows === null) return null;
  return {
    sent: rows.sent && { intervals: [rows.sent] },
    received: rows.received && { intervals: [rows.received] },
  };
}

/** Reports the rows of a growing file as they come, and the last of them when `ended` settles. */
export function followStream(
  file: string,
  { ended, omitMs }: { ended: Promise<void>; omitMs: number },
  onRows: (rows: StreamRows) => void,
): void {
  const fd = openSync(file, 'r');
  const buffer = Buffer.alloc(chunkBytes);
  const decoder = new StringDecoder('utf8');
  const cutter = new LineCutter({
    charactersMax: longestLine,
    onLine: (line) => {
      const rows = readStreamLine(line, omitMs);
      if (rows) onRows(rows);
    },
    // A line that never ends is not an interval.
    onTooLong: () => {},
  });
  const look = () => {
    for (let size = chunkBytes; size === chunkBytes; ) {
      size = readSync(fd, buffer, 0, chunkBytes, null);
      cutter.add(decoder.write(buffer.subarray(0, size)));
    }
  };
  const timer = setInterval(look, lookEveryMs);
  void ended.finally(() => {
    clearInterval(timer);
    look();
    closeSync(fd);
  });
}
