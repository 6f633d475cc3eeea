/** The bench of the gate in virtual time: what its gates came to. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { keptFile } from '../../harness/bench/kept-runs.js';
import {
  type GateReading,
  gateVirtual,
  shiftsOf,
  tallyOf,
} from '../../harness/bench/virtual-gate.js';
import { judgedRun } from './judged-runs.js';

function runOf(values: readonly number[]) {
  const shapes = values.map((outageMs) => ({ outageMs, verdict: 'pass' as const }));
  return judgedRun(shapes).result;
}

test('trials are compared with the trial of the same place, both directions', () => {
  const before = runOf([226, 251]);
  const slower = runOf([231, 257]);
  expect(shiftsOf(before, slower)).toEqual([5, 5, 6, 6]);
  expect(shiftsOf(before, before)).toEqual([0, 0, 0, 0]);
  const second = { ...slower, trials: slower.trials.slice(1) };
  expect(shiftsOf(before, second)).toEqual([6, 6]);
});

test('gates of either kind are counted by themselves, and red means fail or regression', () => {
  const gate = (arm: GateReading['arm'], verdict: GateReading['verdict'], shiftsMs: number[]) => ({
    ...{ arm, seed: 1, verdict, doubled: verdict === 'inconclusive', shiftsMs },
  });
  const readings = [
    gate('unchanged', 'pass', [0, 0]),
    gate('unchanged', 'inconclusive', [-1, 3]),
    gate('slower', 'regression', [5, 4]),
    gate('slower', 'fail', [6]),
  ];
  expect(tallyOf(readings, 'unchanged')).toEqual({
    ...{ gates: 2, red: 0, inconclusive: 1, doubled: 1, leastShiftMs: -1, mostShiftMs: 3 },
  });
  expect(tallyOf(readings, 'slower')).toEqual({
    ...{ gates: 2, red: 2, inconclusive: 0, doubled: 0, leastShiftMs: 4, mostShiftMs: 6 },
  });
  expect(tallyOf([], 'slower')).toMatchObject({ gates: 0, leastShiftMs: null });
});

test('a result that lies in the folder belongs to one scenario, and one way of being slower', () => {
  const part = { seed: 1, trials: 10, part: 1, of: 2 };
  const keeping = { scenario: 'one', slower: 'floyd', folder: '/kept' };
  const file = keptFile('slower', part, keeping);
  expect(keptFile('slower', part, { ...keeping })).toBe(file);
  expect(keptFile('slower', part, { ...keeping, scenario: 'other' })).not.toBe(file);
  expect(keptFile('slower', part, { ...keeping, slower: 'floyd-bfd' })).not.toBe(file);
  const before = keptFile('before', part, keeping);
  expect(keptFile('before', part, { ...keeping, slower: 'floyd-bfd' })).toBe(before);
});

test('gates draw their trials from pools that lie in the folder, other ones by other seeds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'virtual-gate-'));
  try {
    const keeping = { scenario: 'none', slower: 'none', folder };
    const sides = { before: 0, unchanged: 0, slower: 5 } as const;
    for (const side of ['before', 'unchanged', 'slower'] as const) {
      const addedMs = sides[side];
      const whole = runOf(Array.from({ length: 9 }, (_, index) => 200 + index + addedMs));
      for (const part of [1, 2, 3, 4, 5]) {
        const trials = whole.trials.filter(({ index }) => index % 5 === part - 1);
        const file = keptFile(side, { seed: 7, trials: 9, part, of: 5 }, keeping);
        writeFileSync(file, JSON.stringify({ ...whole, trials }));
      }
    }
    const drawn: number[][] = [];
    const readings = await gateVirtual({
      ...{ ...keeping, unchangedGates: 2, slowerGates: 1, trials: 2 },
      ...{ pool: 9, seed: 7, hogs: 0, signal: new AbortController().signal },
      judge: ({ before, now }) => {
        drawn.push(now.flatMap((run) => run.trials.map(({ index }) => index)));
        expect(now.map((run) => run.trials.map(({ index }) => index))).toEqual(
          before.map((run) => run.trials.map(({ index }) => index)),
        );
        return { verdict: 'pass', doubt: now.length === 1 };
      },
      onProgress: () => {},
    });
    expect(readings.map(({ arm, seed, doubled }) => [arm, seed, doubled])).toEqual([
      ['unchanged', 7, true],
      ['slower', 7, true],
      ['unchanged', 8, true],
    ]);
    expect(new Set(readings[0]?.shiftsMs)).toEqual(new Set([0]));
    expect(new Set(readings[1]?.shiftsMs)).toEqual(new Set([5]));
    expect(new Set(drawn[1]).size).toBe(4);
    expect(drawn[3]).toEqual(drawn[1]);
    expect(drawn[5]).not.toEqual(drawn[1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
