/** Strategies side by side. */

import { expect, test } from '@playwright/test';
import { compareResultSchema, compareRuns } from '../../harness/judge/compare.js';
import { medianTrial, trialOutageMs } from '../../harness/judge/median-trial.js';
import { renderCompare } from '../../reports/compare/terminal.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { judgedRun, runs } from './judged-runs.js';

const escapeCharacter = '\u001b';

const strategies = () => [
  judgedRun([{ outageMs: 9411, healAtMs: 38_000 }], { controller: 'floyd' }),
  judgedRun([{ outageMs: 2600, healAtMs: 38_000, reversionOutageMs: 20 }], {
    controller: 'floyd-timeout',
  }),
  judgedRun([{ outageMs: 312, healAtMs: 38_000 }], { controller: 'floyd-bfd' }),
  judgedRun([{ outageMs: 28, healAtMs: 38_000 }], { controller: 'fast-failover' }),
];

test('the comparison takes its numbers from the results and fits its schema', () => {
  const input = strategies();
  const compare = compareRuns(input);
  expect(compareResultSchema.parse(compare)).toEqual(compare);
  expect(compare.sides.map((side) => side.label)).toEqual([
    'floyd',
    'floyd-timeout',
    'floyd-bfd',
    'fast-failover',
  ]);
  compare.sides.forEach((side, index) => {
    expect(side.networkOutageMs).toEqual(input[index]?.result.summary.networkOutageMs);
    expect(side.tcpStallMs).toEqual(input[index]?.result.summary.tcpStallMs);
  });
  expect(compare.sides.map((side) => side.packetsLost)).toEqual([18_820, 5198, 622, 54]);
  expect(compare.sides[1]?.reversionPacketsLost).toBe(38);
  expect(compare.warnings).toEqual([]);
});

test('series are aligned: the fault is zero in each', () => {
  for (const side of compareRuns(strategies()).sides) {
    expect(side.series?.outages[0]?.startMs).toBeCloseTo(-0.4, 6);
    const stalled = side.series?.points.find((point) => point.bps === 0);
    if (stalled !== undefined) expect(stalled.startMs).toBeGreaterThan(0);
    expect(side.series?.healedMs).toBeCloseTo(38_000 - 12_003.4, 6);
  }
});

test('the table has a column for each strategy, and keeps to its width', () => {
  const compare = compareRuns([...strategies(), runs.tenTrials(), runs.hostile()]);
  for (const columns of [60, 80, 100, 120]) {
    const text = renderCompare(compare, { columns, colour: false });
    expect(text).not.toContain(escapeCharacter);
    expect(text.split('\n').filter((line) => [...line].length > columns)).toEqual([]);
  }
  const four = renderCompare(compareRuns(strategies()), { columns: 80, colour: false });
  expect(four).toMatch(/ floyd +floyd-timeout +floyd-bfd +fast-failover\n/);
  expect(four).toMatch(/network outage, median +9\.411 s +2\.600 s +312 ms +28 ms\n/);
  expect(four).toMatch(/TCP stall, median +12\.600 s +3\.000 s +600 ms +200 ms\n/);
});

test('without colour each strategy has a chart of its own, all on one axis; with it, one for all', () => {
  const compare = compareRuns(strategies());
  const plain = renderCompare(compare, { columns: 80, colour: false });
  expect(plain.match(/^ +0 ┤/gm)).toHaveLength(4);
  expect(plain.match(/└/g)).toHaveLength(1);
  const coloured = renderCompare(compare, { columns: 80, colour: true });
  expect(coloured.match(/ 0 ┤/g)).toHaveLength(1);
  expect(coloured).toContain(`${escapeCharacter}[36m──`);
});

test('sides that are less comparable than they look are said to be', () => {
  const [one, two] = [runs.pass(), runs.tenTrials()];
  two.result.environment.datapath = 'kernel';
  two.result.environment.ovs = '3.3.0';
  two.result.seed = 8;
  const { warnings, sides } = compareRuns([one, two]);
  expect(warnings).toHaveLength(4);
  expect(new Set(sides.map((side) => side.label)).size).toBe(2);
});

test('a strategy that never recovers is never the best and never zero', () => {
  const compare = compareRuns([runs.censored(), runs.pass()]);
  const text = renderCompare(compare, { columns: 80, colour: false });
  expect(text).toMatch(/network outage, median +censored +9\.412 s/);
});

test('the median trial is conclusive where there is a choice, and censored ones rank highest', () => {
  const run = judgedRun([
    { outageMs: null },
    { outageMs: 500 },
    { outageMs: 9 },
    { outageMs: 100, verdict: 'inconclusive' },
  ]);
  const chosen = medianTrial(run);
  expect(chosen?.trial.index).toBe(1);
  expect(chosen?.chart).toBe(run.charts[1]);
  expect(run.result.trials.map(trialOutageMs)).toEqual([null, 500, 9, 100]);
  expect(medianTrial({ ...run, result: { ...run.result, trials: [] } })).toBeNull();
});

test('all figures of a side are over its valid trials, and the comparison says so', () => {
  const run = judgedRun([
    { outageMs: 100 },
    { outageMs: 110 },
    { outageMs: 9000, verdict: 'inconclusive' },
  ]);
  const [side] = compareRuns([run]).sides;
  expect(side).toMatchObject({ trials: 3, valid: 2 });
  const [a, b, invalid] = run.result.trials;
  if (!a || !b || !invalid) throw new Error('three trials');
  const lost = ({ network }: typeof a) =>
    (network?.forward.packetsLost ?? 0) + (network?.reverse.packetsLost ?? 0);
  expect(lost(invalid)).toBeGreaterThan(1000);
  expect(side?.packetsLost).toBe((lost(a) + lost(b)) / 2);
  const compare = compareRuns([run]);
  expect(sentencesOf(compare.warnings)).toContain(
    'All figures of floyd are over its 2 valid trials of 3.',
  );
  expect(renderCompare(compare, { columns: 80, colour: false })).toMatch(
    /trials \(censored\) +2 of 3 \(0\)/,
  );
});
