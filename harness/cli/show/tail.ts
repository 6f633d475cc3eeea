/**
 * A history that is still being written, as server-sent events. Each message carries whole lines
 * and, as its id, the place in the file after them: a client that comes back goes on from there.
 */
import { type FileHandle, open } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { historyBounds } from '../../model/history/line.js';

/** How often the file is looked at; a run's news is on the screen within twice this. */
const lookEveryMs = 150;
const beatEveryMs = 2000;
const pieceBytes = 256 * 1024;

/** The place to go on from; anything that is not a whole number counts as the beginning. */
export function placeAfter(lastEventId: string | undefined): number {
  return lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : 0;
}

function message(text: string, place: number): string {
  const data = text
    .split('\n')
    .map((line) => `data: ${line.replace(/\r/g, '')}`)
    .join('\n');
  return `id: ${place}\n${data}\n\n`;
}

async function sent(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (response.write(text) || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      response.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    response.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Whole lines from `place`, as text without the last line's end; null when there is none yet. */
async function nextLines(
  file: FileHandle,
  place: number,
  size: number,
): Promise<{ text: string; place: number } | null> {
  let length = Math.min(size - place, pieceBytes);
  for (;;) {
    if (length <= 0) return null;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, place);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(10);
    if (end >= 0) return { text: buffer.toString('utf8', 0, end), place: place + end + 1 };
    if (length >= size - place || length >= historyBounds.lineBytes) return null;
    length = Math.min(size - place, length * 4, historyBounds.lineBytes);
  }
}

/** Sends the file's lines from `place` on until the signal ends it. */
export async function tailInto(
  response: ServerResponse,
  path: string,
  fromPlace: number,
  signal: AbortSignal,
): Promise<void> {
  const file = await open(path, 'r');
  try {
    let place = fromPlace;
    let quietMs = 0;
    while (!signal.aborted) {
      const { size } = await file.stat();
      if (size < place) {
        place = 0;
        await sent(response, 'event: restart\ndata: the record starts again\n\n', signal);
      }
      const lines = await nextLines(file, place, size);
      if (lines) {
        place = lines.place;
        quietMs = 0;
        await sent(response, message(lines.text, place), signal);
        continue;
      }
      if (quietMs >= beatEveryMs) {
        quietMs = 0;
        await sent(response, ': keep-alive\n\n', signal);
      }
      quietMs += lookEveryMs;
      await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await file.close();
  }
}
