/** The gate's judgement: who fails, why, and what is refused. */

import { expect, test } from '@playwright/test';
import { reason } from '../../harness/model/reason.js';
import type { RunResult } from '../../harness/model/result.js';
import {
  type Baseline,
  baselineOf,
  type GateOptions,
  type GateResult,
  gateCases,
  gatePlan,
  gateResultSchema,
  judgeGate,
  mergeRuns,
  needsMoreTrials,
  parseBaseline,
  parseShard,
  printBaseline,
  renderGateJunit,
  renderGateMarkdown,
  renderGateTerminal,
  shardOf,
} from '../../reports/gate/index.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { judgedRun, type TrialShape } from './judged-runs.js';

const periodMs = 10_000;
const outages = [9411, 1208, 4377, 2960, 7754, 5981, 3130, 8120, 6544, 2205];
const withoutBounds: GateOptions = { scenario: null };

function runOf(values: Array<number | null>, change: Partial<TrialShape> = {}): RunResult {
  return judgedRun(values.map((outageMs) => ({ outageMs, verdict: 'pass' as const, ...change })))
    .result;
}

/** The same trials without a period: nothing to pair by. */
function unpaired(run: RunResult): RunResult {
  const trials = run.trials.map((one) => ({ ...one, stratum: null, phaseOffsetMs: null }));
  return { ...run, trials };
}

function gate(baseline: Baseline, run: RunResult, options = withoutBounds): GateResult {
  return gateResultSchema.parse(judgeGate(baseline, run, options));
}

const network = (result: GateResult) =>
  result.metrics.find(({ metric }) => metric === 'networkOutageMs');
const plus = (values: number[], ms: number) => values.map((value) => value + ms);

test.describe('against a baseline with strata', () => {
  const baseline = baselineOf(runOf(outages), periodMs);

  test('the same run passes', () => {
    const result = gate(baseline, runOf(outages));
    expect(result.verdict).toBe('pass');
    expect(network(result)).toMatchObject({ method: 'paired', n: 10, shiftMs: 0, p: 1 });
  });

  test('half a second more in every stratum is a regression, with its size', () => {
    const result = gate(baseline, runOf(plus(outages, 500)));
    expect(result.verdict).toBe('regression');
    expect(network(result)).toMatchObject({ shiftMs: 500, p: 1 / 1024, verdict: 'regression' });
    expect(sentencesOf(result.reasons)[0]).toBe('network outage: slower by 500 ms, p = 9.8e-4');
  });

  test('a real but small slowdown passes and says so', () => {
    const result = gate(baseline, runOf(plus(outages, 100)));
    expect(result.verdict).toBe('pass');
    expect(sentencesOf(network(result)?.reasons ?? [])).toEqual([
      'slower by 100 ms, within the tolerance of 259 ms',
    ]);
  });

  test('one wild trial alone is not a regression', () => {
    const wild = outages.map((value, at) => (at === 3 ? value + 9000 : value));
    expect(gate(baseline, runOf(wild)).verdict).toBe('pass');
  });

  test('a large speed-up passes and suggests an update', () => {
    const result = gate(baseline, runOf(plus(outages, -900)));
    expect(result.verdict).toBe('pass');
    expect(sentencesOf(network(result)?.reasons ?? [])).toEqual([
      'faster by 900 ms; run with --update to make this the new baseline',
    ]);
  });

  test('a trial that never recovers fails whatever the others say', () => {
    const result = gate(baseline, runOf([...outages.slice(0, 9), null]));
    expect(result.verdict).toBe('fail');
    expect(network(result)?.now).toMatchObject({ n: 10, censored: 1, max: null });
    expect(sentencesOf(result.reasons)).toContain(
      'network outage: 1 of 10 trials did not recover before the deadline',
    );
  });

  test('when most no longer recover the shift is unbounded and a regression', () => {
    const never = outages.map((value, at) => (at < 9 ? null : value));
    const result = gate(baseline, runOf(never));
    expect(result.verdict).toBe('regression');
    expect(network(result)).toMatchObject({ unbounded: true, shiftMs: null });
    expect(renderGateTerminal(result, { columns: 120, colour: false })).toContain('∞');
  });

  test('other phases pair with nothing and leave no answer', () => {
    const other = runOf(outages);
    const trials = other.trials.map((one) => ({ ...one, phaseOffsetMs: 17 }));
    const result = gate(baseline, { ...other, seed: 8, trials });
    expect(result.verdict).toBe('inconclusive');
    expect(sentencesOf(result.reasons).join(' ')).toContain(
      'must have the same seed and number of planned trials',
    );
    expect(sentencesOf(result.reasons)).toContain('the seed changed: 7 → 8');
  });

  test('half of a longer plan pairs with its own strata of the baseline', () => {
    const long = baselineOf(runOf([...outages, ...plus(outages, 40)]), periodMs);
    const result = gate(long, runOf(plus(outages, 600)));
    expect(network(result)).toMatchObject({ n: 10, shiftMs: 600, verdict: 'regression' });
    const { trials, first, second } = gatePlan(long);
    expect(trials).toBe(20);
    expect(first.concat(second)).toEqual(Array.from({ length: 20 }, (_, at) => at));
    expect(gatePlan(baseline)).toMatchObject({ trials: 10, seed: 7, second: [] });
  });
});

test.describe('without strata', () => {
  const fast = [212, 231, 248, 255, 263, 270, 274, 281, 290, 296];
  const baseline = baselineOf(unpaired(runOf(fast)), null);

  test('a hundred milliseconds more are a regression', () => {
    const result = gate(baseline, unpaired(runOf(plus(fast, 100))));
    expect(result.verdict).toBe('regression');
    expect(network(result)).toMatchObject({ method: 'unpaired', n: 10, shiftMs: 100 });
  });

  test('the same again passes', () => {
    expect(gate(baseline, unpaired(runOf(fast))).verdict).toBe('pass');
  });

  test('forty milliseconds are neither proved nor ruled out: more trials are asked for, once', () => {
    const run = unpaired(runOf(plus(fast, 40)));
    const result = gate(baseline, run);
    expect(result.verdict).toBe('inconclusive');
    expect(needsMoreTrials(result)).toBe(true);
    expect(needsMoreTrials(gate(baseline, run, { scenario: null, doubled: true }))).toBe(false);
  });
});

test.describe('validity', () => {
  const baseline = baselineOf(runOf(outages), periodMs);

  test('five trials are too few', () => {
    const result = gate(baseline, runOf(outages.slice(0, 5)));
    expect(result.verdict).toBe('inconclusive');
    expect(sentencesOf(result.reasons)[0]).toBe('5 valid trials, at least 10 are needed');
    const run = runOf(outages.slice(0, 5));
    expect(renderGateMarkdown([{ gate: result, run }])).toMatch(
      /\*\*What to do now\*\*\n\n- repeat with the baseline's --seed, and with --trials 10 or more\n$/,
    );
    expect(renderGateJunit([{ gate: result, run }])).toContain('What to do now: repeat with');
  });

  test('more than a tenth invalid is no answer; they are listed', () => {
    const shapes = [...outages, 4000, 5000].map((outageMs, at) => ({
      outageMs,
      verdict: at < 10 ? ('pass' as const) : ('inconclusive' as const),
      reasons: at < 10 ? [] : ['late sender'],
    }));
    const result = gate(baseline, judgedRun(shapes).result);
    expect(result.verdict).toBe('inconclusive');
    expect(sentencesOf(result.reasons)).toContain('2 of 12 trials are invalid, more than a tenth');
    expect(result.trials.invalid).toContainEqual({
      index: 11,
      reasons: [reason('as-written', { text: 'late sender' })],
    });
  });

  test('a run that left something behind does not pass', () => {
    const run = runOf(outages);
    const cleanup = { ...run.cleanup, leftovers: ['process 7 (iperf3)'] };
    const result = gate(baseline, { ...run, cleanup });
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      reasons: [reason('left-behind', { names: ['process 7 (iperf3)'] })],
    });
  });

  test('a regression is told even when a trial is invalid', () => {
    const slow = judgedRun([
      ...plus(outages, 2000).map((outageMs) => ({ outageMs, verdict: 'pass' as const })),
      { outageMs: 1, verdict: 'inconclusive' as const },
    ]);
    expect(gate(baseline, slow.result).verdict).toBe('regression');
  });
});

test.describe('environment', () => {
  const baseline = baselineOf(runOf(outages), periodMs);
  const here = runOf(plus(outages, 3000));
  const elsewhere = { ...here, environment: { ...here.environment, cores: 8, kernel: '5.15.0' } };

  test('another machine is refused, and more trials would not help', () => {
    const result = gate(baseline, elsewhere);
    expect(result).toMatchObject({ verdict: 'inconclusive', refused: true, metrics: [] });
    expect(sentencesOf(result.reasons)[0]).toContain('kernel 6.18.2 → 5.15.0, cores 2 → 8');
    expect(needsMoreTrials(result)).toBe(false);
  });

  test('labs that were reused are another environment', () => {
    const environment = { ...here.environment, labs: 'reused' as const };
    const now = { ...here, environment };
    const result = gate(baseline, now);
    expect(result).toMatchObject({ verdict: 'inconclusive', refused: true });
    expect(sentencesOf(result.reasons)[0]).toContain('labs fresh → reused');
    const ofReused = baselineOf(now, periodMs);
    expect(parseBaseline(printBaseline(ofReused), 'made')).toEqual(ofReused);
    expect(gate(ofReused, now).refused).toBe(false);
    expect(sentencesOf(gate(ofReused, here).reasons)[0]).toContain('labs reused → fresh');
  });

  test('when allowed, only bounds decide', () => {
    const result = gate(baseline, elsewhere, { scenario: null, acrossEnvironments: true });
    expect(network(result)).toMatchObject({ method: 'bounds', shiftMs: null, p: null });
    expect(result.verdict).toBe('inconclusive');
    expect(sentencesOf(result.reasons)[0]).toBe(
      'network outage: no absolute bound is defined for this metric',
    );
  });

  test('another scenario is wrong use', () => {
    const other = { ...here, scenario: 'partial-mesh' };
    expect(() => judgeGate(baseline, other, withoutBounds)).toThrow(
      'the baseline belongs to relay-failover, the run to partial-mesh',
    );
  });
});

test.describe('baseline file', () => {
  const run = judgedRun([{ outageMs: 312.4567 }, { outageMs: null }, { outageMs: 280 }]).result;
  const baseline = baselineOf(run, null);

  test('comes back as it was written, one line a trial', () => {
    const text = printBaseline(baseline);
    expect(parseBaseline(text, 'x.baseline.json')).toEqual(baseline);
    expect(text).toContain(
      '\n    { "stratum": 0, "phaseOffsetMs": 440, "networkOutageMs": 312.457,',
    );
    expect(text.split('\n').filter((line) => line.includes('"stratum"'))).toHaveLength(3);
  });

  test('does not depend on the order in which trials ran', () => {
    const reversed = { ...run, trials: [...run.trials].reverse() };
    expect(printBaseline(baselineOf(reversed, null))).toBe(printBaseline(baseline));
  });

  test('a damaged one names the file and the field', () => {
    const damaged = JSON.stringify({ ...baseline, periodMs: '10s' });
    expect(() => parseBaseline(damaged, 'a.baseline.json')).toThrow(
      /a\.baseline\.json[\s\S]*periodMs/,
    );
    expect(() => parseBaseline('{', 'b.json')).toThrow(/^b\.json:1 is not JSON/);
  });

  test('is not made from nothing', () => {
    const invalid = judgedRun([{ outageMs: 1, verdict: 'inconclusive' }]).result;
    expect(() => baselineOf(invalid, null)).toThrow('relay-failover has no valid trial');
  });
});

test.describe('shards', () => {
  test('are disjoint, complete and even', () => {
    const plan = Array.from({ length: 11 }, (_, at) => at);
    const shards = [1, 2, 3].map((i) => shardOf(plan, i, 3));
    expect(shards.flat().sort((a, b) => a - b)).toEqual(plan);
    expect(shards.map((shard) => shard.length)).toEqual([4, 4, 3]);
    expect(parseShard('2/3')).toEqual({ i: 2, n: 3 });
    for (const wrong of ['0/3', '4/3', '2', '2/0', 'a/b']) {
      expect(() => parseShard(wrong)).toThrow(`'${wrong}' is not a shard`);
    }
  });

  test('merge into the run they were cut from', () => {
    const whole = runOf(outages);
    const shard = (i: number) => {
      const indexes = shardOf(
        outages.map((_, at) => at),
        i,
        2,
      );
      return {
        ...whole,
        verdict: 'inconclusive' as const,
        plan: { trials: 10, indexes, endsEarly: false },
        trials: whole.trials
          .filter((one) => indexes.includes(one.index))
          .map((one) =>
            one.index < 2 ? { ...one, reasons: [reason('as-written', { text: 'a remark' })] } : one,
          ),
      };
    };
    const merged = mergeRuns([shard(2), shard(1)]);
    expect(merged.trials.map(({ index }) => index)).toEqual([...whole.trials.keys()]);
    expect(sentencesOf(merged.reasons)).toEqual(['trial 1: a remark', 'trial 2: a remark']);
    expect(merged).toMatchObject({
      verdict: 'pass',
      plan: { trials: 10, indexes: null },
    });
    // A bare result of an older version does not record what was planned.
    const older = mergeRuns([shard(1), { ...shard(2), plan: null }]);
    expect(older).toMatchObject({ verdict: 'inconclusive' });
    expect(sentencesOf(older.reasons).join()).toContain(
      'does not record how many trials were planned',
    );
    const part = mergeRuns([shard(1)]);
    expect(part.verdict).toBe('inconclusive');
    expect(sentencesOf(part.reasons)[0]).toBe('5 of 10 trials are in these runs');
    expect(merged.summary.networkOutageMs).toMatchObject({
      n: 10,
      censored: 0,
      min: 1208,
      max: 9411,
    });
    expect(() => mergeRuns([shard(1), shard(1)])).toThrow('two of them contain trial 1');
    expect(() => mergeRuns([shard(1), { ...shard(2), seed: 8 }])).toThrow(
      'their seed differs: 7 and 8',
    );
  });
});

test('the terminal shows verdict, both arms, shift, confidence and the reason', () => {
  const baseline = baselineOf(runOf(outages), periodMs);
  const result = gate(baseline, runOf(plus(outages, 500)));
  const text = renderGateTerminal(result, { columns: 120, colour: false });
  expect(text.split('\n')[0]).toBe(
    'REGRESSION  relay-failover (floyd), 10 valid trials against 10 in the baseline',
  );
  expect(text).toMatch(/metric +baseline +now +shift +confidence +verdict/);
  expect(text).toMatch(/network outage +5\.179 s \(2\.\d+ s–8\.\d+ s\) .*\+500 ms.*regression/);
  expect(text).toContain('slower by 500 ms');
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  const machine = { packetsDropped: 3, probesLost: 9, probesDropped: 2, byPlace: [] };
  const disturbed = {
    ...result,
    trials: { ...result.trials, machine: { ...machine, trials: 10, trialsHit: 1 } },
  };
  expect(renderGateTerminal(disturbed, { columns: 200, colour: false })).toContain(
    '3 packets were dropped by this machine, not by the network in 1 of 10 trials',
  );
  const narrow = renderGateTerminal(result, { columns: 80, colour: false });
  expect(narrow).toMatch(/network outage +5\.179 s +5\.679 s +\+500 ms .*regression/);
  for (const line of narrow.split('\n').slice(1)) expect(line.length).toBeLessThanOrEqual(80);
  const [first] = gateCases(result);
  expect(first).toMatchObject({ name: 'relay-failover: network outage', verdict: 'regression' });
});
