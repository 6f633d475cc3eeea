import { expect, test } from '@playwright/test';
import { seededRandom } from '../../harness/analysis/statistics/index.js';
import { renderTrendTerminal, type TrendRun, trendOf } from '../../reports/trend.js';

function runs(medians: Array<number | null>): TrendRun[] {
  return medians.map((median, at) => {
    const summary = { n: 10, censored: 0, min: median, median, max: median, ci95: null };
    return {
      runId: `run-${at}`,
      scenario: 'relay-failover-fast',
      wallTime: new Date(Date.UTC(2026, 0, 1 + at)).toISOString(),
      verdict: 'pass',
      environment: { commit: at === 12 ? 'cafe0123456789' : null },
      summary: { networkOutageMs: summary, tcpStallMs: summary },
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
  expect(() => trendOf(mixed)).toThrow('a trend is of one scenario, not of s0, s1');
});
