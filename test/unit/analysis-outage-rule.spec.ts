/** Which loss periods are outages, and which are the loss of a bad path. */
import { expect, test } from '@playwright/test';
import type { LossRun } from '../../harness/judge/loss-periods.js';
import { expectedRuns, outagesAmong } from '../../harness/judge/outage-rule.js';

/** Loss periods at 1 kHz: [first number, packets]. */
function runs(...periods: Array<[number, number]>): LossRun[] {
  return periods.map(([firstSequence, packets]) => ({
    firstSequence,
    packets,
    lastGoodNs: (firstSequence - 1) * 1e6,
    firstLostNs: firstSequence * 1e6,
    lastLostNs: (firstSequence + packets - 1) * 1e6,
    nextGoodNs: (firstSequence + packets) * 1e6,
  }));
}

test('without other loss, even one packet is the outage', () => {
  expect(outagesAmong(runs([500, 1]), 20_000)).toHaveLength(1);
});

test('two stray packets are loss', () => {
  expect(outagesAmong(runs([500, 1], [9000, 1]), 20_000)).toEqual([]);
});

test('a stray packet after an outage is no second outage', () => {
  const outages = outagesAmong(runs([500, 28], [9000, 1]), 20_000);
  expect(outages.map((run) => run.packets)).toEqual([28]);
});

test('failing again is two outages, also when both are equally long', () => {
  expect(outagesAmong(runs([500, 200], [5000, 200]), 20_000)).toHaveLength(2);
  expect(outagesAmong(runs([500, 3000], [5000, 40]), 20_000)).toHaveLength(2);
});

test('ten flaps of 20 ms are ten outages', () => {
  const flaps = Array.from({ length: 10 }, (_, i): [number, number] => [500 + i * 1000, 20]);
  expect(outagesAmong(runs(...flaps), 20_000)).toHaveLength(10);
});

test('an outage stands out of the bursts of an overflowing queue, which are loss', () => {
  const bursts = Array.from({ length: 60 }, (_, i): [number, number] => [
    10_000 + i * 100,
    1 + ((i * 7) % 12),
  ]);
  const outages = outagesAmong(runs([500, 300], ...bursts), 30_000);
  expect(outages.map((run) => run.packets)).toEqual([300]);
  expect(outagesAmong(runs(...bursts), 30_000)).toEqual([]);
});

test('a quarter of a second without a packet is an outage in any loss', () => {
  const loss = Array.from({ length: 200 }, (_, i): [number, number] => [
    10_000 + i * 90,
    40 + (i % 40),
  ]);
  expect(outagesAmong(runs([500, 250], ...loss), 30_000).map((run) => run.packets)).toEqual([250]);
});

test('independent loss: N (1 - p) p^n', () => {
  const background = { packetsSent: 1000, packetsLost: 10, lossPeriods: 10 };
  expect(expectedRuns(background, 2)).toBeCloseTo(1000 * 0.99 * 0.01 ** 2, 12);
  expect(expectedRuns({ packetsSent: 1000, packetsLost: 0, lossPeriods: 0 }, 1)).toBe(0);
});
