/** Parallel streams one by one, from iperf3's own rows to the words of the report. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { streamsOf } from '../../harness/judge/streams.js';
import type { FlowPoint } from '../../harness/judge/throughput.js';
import { readIperf3Output } from '../../harness/lab/traffic/iperf3/output.js';
import { packageRoot } from '../../harness/package-root.js';
import { streamTexts } from '../../reports/flow-cells.js';

test('rows of several streams keep the bytes of each', () => {
  const text = readFileSync(
    join(packageRoot(), 'test/fixtures/iperf3/udp-negative-loss.json'),
    'utf8',
  );
  const rows = readIperf3Output(text).received?.intervals ?? [];
  expect(rows.map(({ bytes, streamBytes }) => [bytes, streamBytes])).toEqual(
    rows.map(() => [14_000, [7000, 7000]]),
  );
});

/** Rows of 100 ms; the second stream is silent from 2 s to 2.4 s. */
const rows = Array.from({ length: 40 }, (_, index): FlowPoint => {
  const silent = index >= 20 && index < 24;
  return {
    ...{ startNs: index * 1e8, endNs: (index + 1) * 1e8, bytes: silent ? 1000 : 2000 },
    ...{ streamBytes: [1000, silent ? 0 : 1000], retransmits: null },
    ...{ packets: null, lostPackets: null, jitterMs: null },
  };
});

test('the silence of one stream is its own', () => {
  expect(streamsOf(rows).streams).toEqual([
    { receivedBps: 80_000, longestSilenceMs: 0 },
    { receivedBps: 72_000, longestSilenceMs: 400 },
  ]);
  const one = rows.map((row) => ({ ...row, streamBytes: undefined }));
  expect(streamsOf(one)).toEqual({});
});

test('each stream has a line', () => {
  const texts = streamTexts({ ...streamsOf(rows) } as never);
  expect(texts).toHaveLength(2);
  expect(texts[0]).toMatch(/^stream 1: .*no silence$/);
  expect(texts[1]).toMatch(/^stream 2: .*longest silence 400 ms$/);
});
