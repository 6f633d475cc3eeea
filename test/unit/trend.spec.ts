import { expect, test } from '@playwright/test';
import { seededRandom } from '../../harness/judge/statistics/index.js';
import { renderTrendTerminal, type TrendRun, trendOf } from '../../reports/trend.js';
import { judgedRun } from './judged-runs.js';

const environment = judgedRun([{ outageMs: 250 }]).result.environment;

function runs(medians: Array<number | null>, changes: Partial<TrendRun> = {}): TrendRun[] {
  return medians.map((median, at) => {
    const summary = { n: 10, censored: 0, min: median, median, max: median, ci95: null };
    return {
      runId: `run-${at}`,
      scenario: 'relay-failover-fast',
      wallTime: new Date(Date.UTC(2026, 0, 1 + at)).toISOString(),
      verdict: 'pass',
      controller: 'floyd',
      environment: { ...environment, commit: at === 12 ? 'cafe0123456789' : null },
      summary: { networkOutageMs: summary, tcpStallMs: summary },
      ...changes,
    };
  });
}

const random = seededRandom(6);
const around = (ms: number, count: number) =>
  Array.from({ length: count }, () => ms + 20 * (random() - 0.5));
const stepped = runs([...around(250, 12), ...around(350, 12)]);

test('a step is marked at the run that brought it, whatever the order of the files', () => {
  const trend = trendOf([...stepped].reverse());
  expect(trend.points.map((point) => point.runId)).toEqual(stepped.map((run) => run.runId));
  expect(trend.changes).toHaveLength(1);
  expect(trend.changes[0]).toMatchObject({ index: 12, p: 0.005 });
  expect(trend.changes[0]?.beforeMs).toBeCloseTo(250, -1);
  expect(trend.changes[0]?.afterMs).toBeCloseTo(350, -1);
});

test('the drawing has the mark, the levels and the commit, and keeps within the screen', () => {
  const text = renderTrendTerminal(trendOf(stepped), { columns: 80, colour: false });
  expect(text).toContain('relay-failover-fast: median network outage, 24 runs');
  expect(text).toMatch(/changed at commit cafe012345 .*: 2\d\d ms → 3\d\d ms, p = 0\.005/s);
  const marked = text.split('\n').filter((line) => line.includes('│') && !line.includes('changed'));
  expect(marked.length).toBeGreaterThan(2);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('runs that mostly never recover are a change too, and a gap in the line', () => {
  const trend = trendOf(runs([...around(250, 10), ...Array<null>(8).fill(null)]));
  expect(trend.changes[0]).toMatchObject({ index: 10, afterMs: null });
  expect(renderTrendTerminal(trend, { columns: 60, colour: false })).toContain('→ –');
});

test('steady, few or no runs have no mark; two scenarios have no trend', () => {
  expect(trendOf(runs(around(250, 30))).changes).toEqual([]);
  expect(renderTrendTerminal(trendOf(runs([250])), { columns: 60, colour: false })).toContain(
    'no change of level',
  );
  expect(renderTrendTerminal(trendOf([]), { columns: 60, colour: false })).toContain('no runs yet');
  const mixed = runs([1, 2]).map((run, at) => ({ ...run, scenario: `s${at}` }));
  expect(() => trendOf(mixed)).toThrow('a trend covers one scenario, not several: s0, s1');
});

test('a series is of runs like the newest; the others are counted with what differs', () => {
  const other = { ...environment, kernel: '5.15.0', cores: 16 };
  const mixed = [
    ...runs(around(250, 12)),
    ...runs(around(9000, 5), { controller: 'static' }),
    ...runs(around(30, 4), { environment: other }),
    ...runs(around(40, 3), { environment: { ...environment, datapath: 'kernel' } }),
    ...runs(around(50, 2), { environment: { ...environment, labs: 'reused' } }),
    ...runs([251], { wallTime: '2026-03-01T00:00:00.000Z' }),
  ];
  const trend = trendOf(mixed, 'networkOutageMs', 2);
  expect(trend.points).toHaveLength(13);
  expect(trend.changes).toEqual([]);
  expect(trend.series).toMatchObject({ controller: 'floyd', cores: environment.cores });
  expect(trend.leftOut).toEqual([
    { runs: 5, differs: [{ part: 'controller', value: 'static' }] },
    {
      runs: 4,
      differs: [
        { part: 'kernel', value: '5.15.0' },
        { part: 'cores', value: '16' },
      ],
    },
    { runs: 3, differs: [{ part: 'datapath', value: 'kernel' }] },
    { runs: 2, differs: [{ part: 'labs', value: 'reused' }] },
  ]);
  const text = renderTrendTerminal(trend, { columns: 80, colour: false }).replace(/\s+/g, ' ');
  expect(text).toContain('median network outage, 13 runs');
  expect(text).toContain('Runs with controller floyd, user datapath, Linux');
  expect(text).toContain(
    'Left out: 5 runs with controller static; 4 runs with kernel 5.15.0, cores 16;',
  );
  expect(text).toContain('2 results that cannot be read.');
});

test('a run without a valid trial is left out and counted', () => {
  const empty = { n: 0, censored: 0, min: null, median: null, max: null, ci95: null };
  const invalid = runs([1], { summary: { networkOutageMs: empty, tcpStallMs: empty } });
  const trend = trendOf([...runs([250, 251]), ...invalid]);
  expect(trend).toMatchObject({ withoutReading: 1, leftOut: [] });
  expect(renderTrendTerminal(trend, { columns: 80, colour: false })).toContain(
    'Left out: 1 run without a valid trial.',
  );
});

test('no trend mixes two controllers, datapaths or machines, whatever their order', () => {
  const kinds = [
    { controller: 'floyd' },
    { controller: 'static' },
    { environment: { ...environment, datapath: 'kernel' as const } },
    { environment: { ...environment, ovs: '3.3.0' } },
  ];
  for (const newest of kinds) {
    const series = kinds.flatMap((kind, at) =>
      runs(
        [100 * (at + 1)],
        kind === newest ? { ...kind, wallTime: '2027-01-01T00:00:00.000Z' } : kind,
      ),
    );
    const trend = trendOf(series);
    expect(trend.points.map(({ medianMs }) => medianMs)).toEqual([
      100 * (kinds.indexOf(newest) + 1),
    ]);
    expect(trend.leftOut.reduce((sum, { runs: left }) => sum + left, 0)).toBe(3);
  }
});
