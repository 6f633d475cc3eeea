/** Lines from elsewhere: cut where they end, bounded in length, whatever pieces they come in. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { Readable } from 'node:stream';
import { expect, test } from '@playwright/test';
import { followStream, type StreamRows } from '../../harness/lab/traffic/iperf3/stream.js';
import { LineCutter, readLines } from '../../harness/line-reader.js';

function cut(pieces: readonly string[], cutOffEnd?: 'read' | 'drop') {
  const seen: string[] = [];
  const cutter = new LineCutter({
    charactersMax: 8,
    onLine: (line) => seen.push(line),
    onTooLong: () => seen.push('TOO LONG'),
    ...(cutOffEnd ? { cutOffEnd } : {}),
  });
  for (const piece of pieces) cutter.add(piece);
  cutter.end();
  return seen;
}

test('the same lines come out, however the text is cut into pieces', () => {
  const text = 'first\n\n12345678\n123456789\nlast\nrest';
  const lines = ['first', '', '12345678', 'TOO LONG', 'last'];
  expect(cut([text])).toEqual(lines);
  expect(cut([...text])).toEqual(lines);
  for (let at = 0; at <= text.length; at += 1) {
    expect(cut([text.slice(0, at), text.slice(at)]), `cut at ${at}`).toEqual(lines);
  }
});

test('a last line without a newline is read only where a last word is one', () => {
  expect(cut(['a\nb'])).toEqual(['a']);
  expect(cut(['a\nb'], 'read')).toEqual(['a', 'b']);
  expect(cut(['a\n'], 'read')).toEqual(['a']);
  expect(cut(['123456789'], 'read')).toEqual(['TOO LONG']);
});

test('an endless line of a stream is dropped once, reading goes on, and the end comes last', async () => {
  const seen: string[] = [];
  const stream = Readable.from(['first\n', 'x'.repeat(40), 'x'.repeat(40), 'x\nla', 'st\n']);
  await new Promise<void>((resolve) => {
    readLines(stream, {
      charactersMax: 32,
      onLine: (line) => seen.push(line),
      onTooLong: () => seen.push('TOO LONG'),
      onEnd: resolve,
    });
  });
  expect(seen).toEqual(['first', 'TOO LONG', 'last']);
});

test('rows of a growing file are read, also where a read ends within a letter or a line is endless', async () => {
  const file = test.info().outputPath('iperf3.json');
  const fd = openSync(file, 'w');
  const row = (title: string) => {
    const sum = { start: 0, end: 1, seconds: 1, bytes: 1000, bits_per_second: 8000, sender: true };
    const data = { streams: [{ socket: 5, ...sum }], sum };
    return `${JSON.stringify({ event: 'interval', title, data })}\n`;
  };
  // A read takes 64 KiB: the second byte of the last `é` of the first row is read by the next one.
  const first = row('');
  const padded = row('é'.repeat((64 * 1024 - Buffer.byteLength(first)) / 2 + 1));
  expect(Buffer.byteLength(padded)).toBeGreaterThan(64 * 1024);
  writeSync(fd, `${padded}${'x'.repeat(2 * 1024 * 1024)}\n${row('last')}`);
  closeSync(fd);
  const rows: StreamRows[] = [];
  const ended = Promise.resolve();
  followStream(file, { ended, omitMs: 0 }, (one) => rows.push(one));
  await expect.poll(() => rows.length).toBe(2);
});
