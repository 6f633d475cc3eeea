/** The reader: strict about whole lines, tolerant of a cut-off end, bounded in all respects. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { readRun } from '../../harness/campaign/store/read-run.js';
import { LabError } from '../../harness/errors.js';
import { historyBounds } from '../../harness/model/history/line.js';
import { readHistory, readHistoryFile } from '../../harness/model/history/reader.js';
import { buildHistory, historyText } from '../fixtures/constructed-history.js';

const line = (atNs: number, text = 'x'): string =>
  JSON.stringify({ atNs, trial: 0, kind: 'warning', text });

function refusal(read: () => unknown): LabError {
  try {
    read();
  } catch (error) {
    if (error instanceof LabError) return error;
  }
  throw new Error('it was read without complaint');
}

test('a cut anywhere loses at most the last line', () => {
  const whole = `${[1, 2, 3, 4].map((at) => line(at, 'päckchen "}{"')).join('\n')}\n`;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length }), (end) => {
      const cut = whole.slice(0, end);
      const { events, truncated } = readHistory(cut);
      const complete = cut.split('\n').filter((text) => text.endsWith('}') && text.length > 60);
      expect(events.length).toBeGreaterThanOrEqual(cut.split('\n').length - 1);
      expect(events.length).toBeLessThanOrEqual(complete.length);
      expect(truncated).toBe(events.length < cut.split('\n').filter((t) => t !== '').length);
    }),
  );
});

test('a record that was cut off anywhere can be resumed, again and again, and loses nothing', () => {
  const whole = `${[1, 2, 3].map((at) => line(at, 'päckchen "}{"')).join('\n')}\n`;
  const mark = JSON.stringify({
    ...{ kind: 'run.resumed', atNs: 4, trial: 0, schemaVersion: 2, command: ['run'] },
  });
  const resumed = (text: string) =>
    `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${mark}\n`;
  const cut = fc.nat(whole.length).map((end) => whole.slice(0, end));
  fc.assert(
    fc.property(cut, fc.nat(mark.length + 2), fc.constantFrom('', '\0\0'), (text, more, zeros) => {
      const first = resumed(text + zeros);
      const kept = readHistory(text).events;
      expect(readHistory(first)).toMatchObject({ truncated: false });
      expect(readHistory(first).events.slice(0, -1)).toEqual(kept);
      // The mark itself may be cut off, and so may the end of the line above it.
      const again = first.slice(0, Math.min(first.length, (text + zeros).length + more));
      expect(readHistory(again).events.slice(0, kept.length)).toEqual(kept);
      const twice = readHistory(`${resumed(again)}${line(5)}\n`);
      expect(twice.truncated).toBe(false);
      expect(twice.events.filter(({ kind }) => kind === 'warning')).toEqual([
        ...kept,
        ...readHistory(line(5)).events,
      ]);
    }),
  );
});

test('a bad line in the middle is named', () => {
  const error = refusal(() => readHistory(`${line(1)}\nnonsense\n${line(3)}\n`));
  expect(error.code).toBe('RECORD_UNREADABLE');
  expect(error.message).toBe('Line 2 of the history: not JSON.');
  expect(error.details).toEqual({ line: 2 });
});

test('a line that is no event of the schema is named with its field', () => {
  const error = refusal(() => readHistory(`${line(1)}\n{"atNs":-1,"trial":0,"kind":"warning"}\n`));
  expect(error.message).toContain('Line 2 of the history: not a history event at atNs');
});

test('lines are bounded in length and depth', () => {
  const long = refusal(() => readHistory(`${line(1, 'x'.repeat(historyBounds.lineBytes))}\n`));
  expect(long.message).toBe('Line 1 of the history: longer than 8388608 bytes.');
  const endless = refusal(() => readHistory('x'.repeat(historyBounds.lineBytes + 1)));
  expect(endless.message).toContain('longer than');
  const deep = refusal(() => readHistory(`${'['.repeat(100_000)}${']'.repeat(100_000)}\n`));
  expect(deep.message).toBe('Line 1 of the history: nested deeper than 64.');
});

test('brackets inside strings are no nesting', () => {
  expect(readHistory(`${line(1, '['.repeat(500))}\n`).events).toHaveLength(1);
});

test('lines may come one by one', () => {
  expect(readHistory([line(1), line(2), '{"atNs":3,'])).toMatchObject({ truncated: true });
  expect(readHistory([`${line(1)}\n`, `${line(2)}\n`])).toMatchObject({ truncated: false });
  expect(readHistory([]).events).toEqual([]);
});

test('a file is read in pieces, whatever they cut through; zeros after a crash are no events', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'history-'));
  try {
    const path = join(folder, 'history.ndjson');
    const events = Array.from({ length: 4000 }, (_, index) => line(index, 'ü'.repeat(40)));
    writeFileSync(path, `${events.join('\n')}\n\0\0\0\0`);
    const read = await readHistoryFile(path);
    expect(read.events).toHaveLength(4000);
    expect(read.truncated).toBe(true);
    await expect(readHistoryFile(join(folder, 'missing'))).rejects.toThrow('Cannot read');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

async function refusalOfFile(content: string | Buffer): Promise<LabError> {
  const folder = mkdtempSync(join(tmpdir(), 'history-'));
  try {
    writeFileSync(join(folder, 'history.ndjson'), content);
    const refused = await readHistoryFile(join(folder, 'history.ndjson')).catch((error) => error);
    if (refused instanceof LabError) return refused;
    throw new Error('it was read without complaint');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const whole = historyText(buildHistory({ name: 'reader', trafficMs: 3000 }))
  .trimEnd()
  .split('\n');

test('the head stands on line 1 and nowhere else: any other place is named', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: whole.length }), (at) => {
      const lines = [...whole.slice(0, at), whole[0] ?? '', ...whole.slice(at)];
      const error = refusal(() => readHistory(`${lines.join('\n')}\n`));
      expect(error.message).toContain(`Line ${at + 1} of the history: a second record begins here`);
    }),
  );
});

test('lines that stand twice are refused, wherever they are put: nothing is counted twice', () => {
  const kinds = ['trial.start', 'trial.end', 'meter.sent', 'meter.end', 'fault.injected'];
  const plan = { name: 'twice', trafficMs: 6000, fault: { atMs: 2000, healAtMs: 4000 } };
  const whole = historyText(buildHistory(plan)).trimEnd().split('\n');
  const named = whole.filter((text) => kinds.includes(JSON.parse(text).kind));
  expect(new Set(named.map((text) => JSON.parse(text).kind))).toEqual(new Set(kinds));
  const property = fc.property(fc.constantFrom(...named), fc.nat(whole.length - 1), (text, at) => {
    const lines = [...whole.slice(0, at + 1), text, ...whole.slice(at + 1)];
    const error = refusal(() => readHistory(`${lines.join('\n')}\n`));
    expect(error.message).toMatch(/^Line \d+ of the history: .* stands on line \d+ already\.$/);
  });
  fc.assert(property, { numRuns: 40 });
});

test('bytes that are not UTF-8 are named, in whatever line and piece they stand', async () => {
  const bytes = Buffer.from(`${whole.join('\n')}\n`);
  const property = fc.asyncProperty(
    fc.nat(bytes.length - 2),
    fc.constantFrom([0xff], [0xc3], [0xed, 0xa0, 0x80], [0xe2, 0x82]),
    async (at, bad) => {
      const torn = Buffer.concat([bytes.subarray(0, at), Buffer.from(bad), bytes.subarray(at)]);
      const line = bytes.subarray(0, at).toString().split('\n').length;
      const error = await refusalOfFile(torn);
      const file = expect.stringMatching(/\/history\.ndjson$/);
      expect(error.details).toEqual({ line, file });
      const message = `${error.details.file}: Line ${line} of the history: not valid UTF-8.`;
      expect(error.message).toBe(message);
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

test('more lines than a record may have are refused before the first is parsed', async () => {
  const began = performance.now();
  const error = await refusalOfFile('x\n'.repeat(historyBounds.lines + 1));
  expect(error.message).toContain(`it has more than ${historyBounds.lines} lines`);
  // Parsing as many took a minute.
  expect(performance.now() - began).toBeLessThan(10_000);
});

test.describe('what is refused names its file, and what to do', () => {
  const plan = { name: 'refused', trafficMs: 1000 };
  const [head = '', ...rest] = historyText(buildHistory(plan)).trimEnd().split('\n');
  const future = (version: unknown) =>
    [JSON.stringify({ ...JSON.parse(head), schemaVersion: version }), ...rest].join('\n');
  const cases: Array<[string, string | Buffer, string]> = [
    [
      'a later version',
      future(3),
      'its schemaVersion is 3, and this version of failover-lab reads 1 and 2',
    ],
    ['a version as text', future('1'), 'its schemaVersion is "1", and this version'],
    [
      'a compressed record',
      gzipSync(`${head}\n`),
      'it is compressed by gzip; unpack it with gunzip',
    ],
    ['a part of a compressed record', gzipSync(`${head}\n`).subarray(0, 40), 'compressed by gzip'],
    ['a page', '<html></html>\n', 'has no complete event'],
    ['an empty file', '', 'has no complete event'],
    ['zeros', '\0'.repeat(5000), 'has no complete event'],
    ['a record without its head', `${rest.join('\n')}\n`, 'has no header (run.header) on line 1'],
    ['a list', '[]\n', 'Line 1 of the history: not a history event'],
  ];
  for (const [what, content, message] of cases) {
    test(what, async () => {
      const file = test.info().outputPath('history.ndjson');
      writeFileSync(file, content);
      const error = await readRun(file).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(LabError);
      expect((error as LabError).message).toContain(file);
      expect((error as LabError).message).toContain(message);
      expect((error as LabError).exitCode).toBe(64);
      expect((error as LabError).hint).toBeTruthy();
    });
  }
});
