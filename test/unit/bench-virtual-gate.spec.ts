/** The bench of the gate in virtual time: what its gates came to. */
import { expect, test } from '@playwright/test';
import { type GateReading, shiftsOf, tallyOf } from '../../harness/bench/virtual-gate.js';
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
