/** Gates drawn from pools, and pools that grow run by run. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { benchGate, type GateJudge } from '../../harness/bench/gate.js';
import { makePools, poolsOfRuns } from '../../harness/bench/make-pools.js';
import { type Pools, readPools, writePools } from '../../harness/bench/pools.js';
import { seededRandom } from '../../harness/judge/statistics/index.js';
import { judgeReadings, readingsOf } from '../../reports/gate/index.js';
import { judgedRun } from './judged-runs.js';

const options = { seed: 7, unchangedGates: 12, slowerGates: 8, trials: 10 };
const random = seededRandom(12);

function pools(periodMs: number | null, slowerMs: number): Pools {
  const trial = (run: number, index: number, ms: number) => ({
    runId: `run-${run}`,
    index,
    stratum: periodMs === null ? null : index,
    phaseOffsetMs: periodMs === null ? null : index * 500,
    networkOutageMs: ms + 90 * random() + (periodMs === null ? 0 : 12_000 - index * 500),
  });
  const side = (ms: number) =>
    Array.from({ length: 80 }, (_, at) => trial(Math.floor(at / 20), at % 20, ms));
  return {
    schemaVersion: 1,
    scenario: 'relay-failover-fast',
    seed: 7,
    trialsPerRun: 20,
    periodMs,
    resolutionMs: { networkOutageMs: 1, tcpStallMs: 100 },
    slowerController: 'floyd-bfd:extraDetection=100ms',
    reuse: false,
    sideBySide: false,
    environment: {},
    invalid: { unchanged: 0, slower: 0 },
    trials: { unchanged: side(210), slower: side(210 + slowerMs) },
  };
}

const judgeOf =
  ({ periodMs, resolutionMs }: Pools): GateJudge =>
  (baseline, now, { seed, doubled }) =>
    judgeReadings({ baseline, now, periodMs, resolutionMs, seed }, { scenario: null, doubled });

const identity = ({ runId, index }: { runId: string; index: number }) => `${runId}/${index}`;

for (const [name, periodMs, slowerMs] of [
  ['without a period', null, 100],
  ['with a period', 10_000, 1000],
] as const) {
  test(`${name}: unchanged stays green, slower turns red, no trial serves twice in a gate`, () => {
    const drawn = pools(periodMs, slowerMs);
    const result = benchGate(drawn, judgeOf(drawn), options);
    expect(result.unchanged).toMatchObject({ gates: 12, red: 0 });
    expect(result.slower).toMatchObject({ gates: 8, red: 8 });
    for (const gate of result.gates) {
      const used = [...gate.baseline, ...gate.now].map((trial) => ({ gate: gate.arm, ...trial }));
      const unchanged = gate.arm === 'unchanged' ? used.map(identity) : gate.now.map(identity);
      expect(new Set(unchanged).size).toBe(unchanged.length);
      expect(gate.baseline).toHaveLength(20);
      expect(gate.now).toHaveLength(gate.doubled ? 20 : 10);
    }
    expect(benchGate(drawn, judgeOf(drawn), options)).toEqual(result);
  });
}

test('pools come back from their file as they were', () => {
  const path = test.info().outputPath('pools.json');
  const whole = pools(10_000, 1000);
  writePools(path, whole);
  expect(readPools(path)).toEqual(whole);
  expect(readPools(`${path}.other`)).toBeNull();
  writeFileSync(path, '{}');
  expect(() => readPools(path)).toThrow('has no pools');
});

test('runs that were recorded for something else make pools; what was invalid is told', () => {
  const { result } = judgedRun([{ outageMs: 250 }, { outageMs: null }, { outageMs: 260 }]);
  const [first] = result.trials;
  if (first) Object.assign(first, { verdict: 'inconclusive', status: 'invalid' });
  const plan = {
    ...{ scenario: result.scenario, seed: 7, trialsPerRun: 3 },
    ...{ periodMs: null, slowerController: 'floyd:extraDetection=1s' },
    ...{ reuse: false, sideBySide: false },
  };
  const made = poolsOfRuns(plan, { unchanged: [result, result], slower: [result] }, readingsOf);
  expect(made.trials.unchanged.map((trial) => trial.networkOutageMs)).toEqual([
    null,
    260,
    null,
    260,
  ]);
  expect(made.trials.slower).toHaveLength(2);
  expect(made.invalid).toEqual({ unchanged: 2, slower: 1 });
});

test('pools fill both sides in turn or side by side, go on after a stop, and refuse another plan', async () => {
  const [path, notes] = [test.info().outputPath('pools.json'), test.info().outputPath('notes.txt')];
  const { result } = judgedRun([
    { outageMs: 250 },
    { outageMs: null },
    { outageMs: 9, verdict: 'inconclusive' },
  ]);
  const printed = test.info().outputPath('result.json');
  writeFileSync(printed, JSON.stringify(result));
  const program = fileURLToPath(new URL('../fixtures/print-run.mjs', import.meta.url));
  const fill = (trialsPerSide: number, seed = 7, reuse = false, sideBySide = false) =>
    makePools({
      path,
      command: [process.execPath, program, printed, notes],
      scenario: 'relay-failover-fast',
      seed,
      trialsPerRun: 3,
      trialsPerSide,
      periodMs: null,
      slowerController: 'floyd-bfd:extraDetection=100ms',
      reuse,
      sideBySide,
      readTrials: readingsOf,
      onProgress: () => {},
      signal: new AbortController().signal,
    });
  await fill(2);
  const filled = await fill(4);
  expect(filled.trials.unchanged.map((trial) => trial.networkOutageMs)).toEqual([
    250,
    null,
    250,
    null,
  ]);
  expect(filled.invalid).toEqual({ unchanged: 2, slower: 2 });
  expect(readPools(path)).toEqual(filled);
  const plan = 'run relay-failover-fast --trials 3 --seed 7 --json';
  const slower = `${plan} --controller floyd-bfd:extraDetection=100ms`;
  expect(readFileSync(notes, 'utf8').trim().split('\n')).toEqual([plan, slower, plan, slower]);
  await expect(fill(4, 8)).rejects.toThrow('was started with seed 7, not 8');
  await expect(fill(4, 7, true)).rejects.toThrow('was started with reuse false, not true');

  rmSync(path);
  rmSync(notes);
  const both = await fill(4, 7, false, true);
  expect([both.trials.unchanged.length, both.trials.slower.length]).toEqual([4, 4]);
  const said = readFileSync(notes, 'utf8').trim().split('\n');
  for (const turn of [said.slice(0, 2), said.slice(2)]) {
    expect(turn.sort()).toEqual([plan, slower]);
  }
});
