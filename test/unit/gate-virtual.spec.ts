/** The gate in virtual time: pairs of one seed, and no noise that a change could hide in. */
import { expect, test } from '@playwright/test';
import type { RunResult } from '../../harness/model/result.js';
import {
  type Baseline,
  baselineOf,
  type GateResult,
  gatePlan,
  gateResultSchema,
  judgeGate,
  needsMoreTrials,
  parseBaseline,
  printBaseline,
  renderGateTerminal,
} from '../../reports/gate/index.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { judgedRun } from './judged-runs.js';

const outages = [226, 251, 219.5, 243, 230];
const ten = [...outages, 222, 248, 237, 229.5, 240];

function runOf(values: readonly number[], reverse: readonly number[] = values): RunResult {
  const shapes = values.map((outageMs, at) => ({
    ...{ outageMs, verdict: 'pass' as const },
    reverseOutageMs: reverse[at] ?? outageMs,
  }));
  const { result } = judgedRun(shapes);
  const trials = result.trials.map((trial) => ({
    ...trial,
    network: trial.network && { ...trial.network, from: 'h3', to: 'h4' },
  }));
  const environment = { ...result.environment, clock: 'virtual' as const, cores: 1 };
  return { ...result, trials, environment };
}

const gate = (baseline: Baseline, run: RunResult): GateResult =>
  gateResultSchema.parse(judgeGate(baseline, run, { scenario: null }));
const plus = (values: readonly number[], ms: number) => values.map((value) => value + ms);
const network = ({ metrics }: GateResult) => metrics.find((one) => one.metric !== 'tcpStallMs');

const baseline = baselineOf(runOf(ten), null);

test('a baseline of virtual time names each trial, and a gate pairs by it', () => {
  expect(baseline.trials.map(({ trial }) => trial)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(parseBaseline(printBaseline(baseline), 'made.json')).toEqual(baseline);
  const plan = gatePlan(baseline);
  expect(plan).toMatchObject({ trials: 10, first: [0, 1, 2, 3, 4], second: [5, 6, 7, 8, 9] });
  const run = runOf(ten);
  const later = { ...run, trials: run.trials.slice(5) };
  expect(network(gate(baseline, later))).toMatchObject({ n: 5, shiftMs: 0, verdict: 'pass' });
});

test('five trials of equal code pass, without a doubt that asks for more', () => {
  const result = gate(baseline, runOf(outages));
  expect(result).toMatchObject({ verdict: 'pass', reasons: [] });
  expect(network(result)).toMatchObject({
    ...{ method: 'same-seed', n: 5, shiftMs: 0, toleranceMs: 2 },
    moved: { slower: 0, faster: 0 },
  });
  const text = renderGateTerminal(result, { columns: 100, colour: false });
  expect(text).toContain('the same in 5 seeds');
});

test('five milliseconds more in all five trials are a regression, with their size', () => {
  const result = gate(baseline, runOf(plus(outages, 5)));
  expect(result.verdict).toBe('regression');
  expect(network(result)).toMatchObject({ shiftMs: 5, moved: { slower: 5, faster: 0 } });
  expect(sentencesOf(result.reasons)[0]).toBe(
    'network outage: slower by 5 ms: each of the 5 trials is slower than the trial with the same seed in the baseline',
  );
  const text = renderGateTerminal(result, { columns: 100, colour: false });
  expect(text).toContain('5 slower of 5 seeds');
});

test('a shift within two probes passes, and faster trials suggest an update', () => {
  expect(gate(baseline, runOf(plus(outages, 2))).verdict).toBe('pass');
  const faster = gate(baseline, runOf(plus(outages, -5)));
  expect(faster.verdict).toBe('pass');
  expect(sentencesOf(network(faster)?.reasons ?? [])).toEqual([
    'faster by 5 ms; run with --update to make this the new baseline',
  ]);
});

test('a shift of the direction that is not the worse one is a regression as well', () => {
  const better = ten.map((ms) => ms - 30);
  const before = baselineOf(runOf(ten, better), null);
  const result = gate(before, runOf(outages, plus(better.slice(0, 5), 5)));
  expect(result.verdict).toBe('regression');
  expect(sentencesOf(result.reasons)[0]).toMatch(/^network outage: slower by 5 ms from h4 to h3: /);
  expect(network(result)).toMatchObject({ moved: { slower: 5, faster: 0 } });
  const same = gate(before, runOf(outages, better.slice(0, 5)));
  expect(same.verdict).toBe('pass');
});

test('a shift that Open vSwitch rounds to 0 or 5 ms is seen in the mean of both directions', () => {
  const forward = [0, 5, 7, 5, 0].map((ms, at) => (ten[at] ?? 0) + ms);
  const reverse = [5, 0, 1, 0, 6].map((ms, at) => (ten[at] ?? 0) + ms);
  const result = gate(baseline, runOf(forward, reverse));
  expect(result.verdict).toBe('regression');
  expect(sentencesOf(result.reasons)[0]).toBe(
    'network outage: slower by 2.8 ms in the mean of both directions: each of the 5 trials is slower than the trial with the same seed in the baseline',
  );
});

test('five of ten slower and none faster are a regression, four of five leave a doubt', () => {
  const four = outages.map((ms, at) => ms + (at === 2 ? 0 : 6));
  expect(gate(baseline, runOf(four)).verdict).toBe('inconclusive');
  const shifts = [6, 0, 7, 6, 0, 0, 6, 0, 5, 0];
  const result = gate(baseline, runOf(ten.map((ms, at) => ms + (shifts[at] ?? 0))));
  expect(result.verdict).toBe('regression');
  expect(sentencesOf(result.reasons)[0]).toMatch(
    /: 5 of the 10 trials are slower than the trial with the same seed in the baseline, and none is faster$/,
  );
});

test('a baseline without directions is compared by the worse one', () => {
  const older = baseline.trials.map(({ outagesMs: _, ...row }) => row);
  const text = printBaseline({ ...baseline, trials: older });
  const before = parseBaseline(text, 'older.json');
  expect(gate(before, runOf(plus(outages, 5))).verdict).toBe('regression');
  expect(gate(before, runOf(outages)).verdict).toBe('pass');
});

test('a doubt that a baseline of five trials leaves names what would decide it', () => {
  const five = baselineOf(runOf(outages), null);
  const drawn = outages.map((ms, at) => ms + ([9, -7, 12, 0, 1][at] ?? 0));
  const undecided = gate(five, runOf(drawn));
  expect(undecided.verdict).toBe('inconclusive');
  expect(sentencesOf(undecided.reasons)[0]).toBe(
    'network outage: 2 of 5 trials are slower and 1 faster than the trial with the same seed in the baseline: ' +
      'the change made the lab draw other random numbers, or only some trials meet it. ' +
      'Judging that takes 7 trials; make a baseline of 10 or more with --update',
  );
});

test('other draws, some slower and some faster, leave a doubt that more trials decide', () => {
  const drawn = outages.map((ms, at) => ms + ([9, -7, 12, 6, -4][at] ?? 0));
  const undecided = gate(baseline, runOf(drawn));
  expect(undecided.verdict).toBe('inconclusive');
  expect(needsMoreTrials(undecided)).toBe(true);
  const both = ten.map((ms, at) => ms + ([9, -7, 12, 6, -4, -11, 3, -8, 5, -6][at] ?? 0));
  expect(gate(baseline, runOf(both)).verdict).toBe('pass');
  const slower = ten.map((ms, at) => ms + ([9, 7, 12, 6, 0, 11, 30, 8, 5, 26][at] ?? 0));
  expect(gate(baseline, runOf(slower)).verdict).toBe('regression');
});

test('one trial of ten that moved alone passes', () => {
  const one = ten.map((ms, at) => (at === 3 ? ms + 40 : ms));
  expect(gate(baseline, runOf(one)).verdict).toBe('pass');
});

test('too few trials, another seed, or the clock of the machine give no answer by seeds', () => {
  expect(gate(baseline, runOf(plus(outages, 5).slice(0, 4))).verdict).toBe('inconclusive');
  const other = gate(baseline, { ...runOf(plus(outages, 5)), seed: 99 });
  expect(network(other)?.method).toBe('unpaired');
  const { clock: _, ...real } = runOf(outages).environment;
  const refused = gate(baseline, { ...runOf(outages), environment: real });
  expect(refused).toMatchObject({ verdict: 'inconclusive', refused: true });
  expect(refused.environment.differences).toContain('clock virtual → real');
});
