/** A stamp far out of range never goes with a pass. */

import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { judge } from '../../harness/judge/judge.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { readHistory } from '../../harness/model/history/reader.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { buildHistory, historyText } from '../fixtures/constructed-history.js';

const history = buildHistory({
  name: 'stamps',
  trafficMs: 14_000,
  fault: { atMs: 5000 },
  lossSpans: (['forward', 'reverse'] as const).map((direction) => ({
    ...{ direction, fromMs: 5001, toMs: 5201 },
  })),
});
const measuring = [
  'meter.sent',
  'meter.received',
  'iperf.interval',
  'iperf.aligned',
  'fault.injected',
];
const yearNs = 365 * 86_400 * 1e9;

test('the history as it is passes', () => {
  expect(judge(history).result).toMatchObject({ verdict: 'pass', reasons: [] });
});

test('any measuring event that is moved out of its trial, whichever way, is no pass', () => {
  const places = history.flatMap(({ kind }, place) => (measuring.includes(kind) ? [place] : []));
  fc.assert(
    fc.property(
      fc.constantFrom(...places),
      fc.constantFrom(-1e12 / 2, -600e9, 600e9, yearNs, 30 * yearNs),
      fc.boolean(),
      (place, byNs, whole) => {
        const moved = (value: unknown, key = ''): unknown => {
          if (typeof value === 'number' && (whole ? /Ns$/ : /^atNs$/).test(key)) {
            return key === 'maxLateNs' || key === 'uncertaintyNs' ? value : value + byNs;
          }
          if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
          return Object.fromEntries(
            Object.entries(value).map(([name, field]) => [name, moved(field, name)]),
          );
        };
        const events = history.map((event, at) =>
          at === place ? (moved(event) as HistoryEvent) : event,
        );
        const { result } = judge(readHistory(historyText(events)).events);
        expect(result.verdict).not.toBe('pass');
        expect(sentencesOf(result.trials[0]?.reasons ?? []).join()).toMatch(
          /stamped outside the trial/,
        );
      },
    ),
    { numRuns: 40 },
  );
});

test('other events may lie around their trial, but not years away', () => {
  const noted = (atNs: number): HistoryEvent[] => [
    ...history,
    { kind: 'warning', atNs, trial: 0, warning: 'late' },
  ];
  const lastNs = history.at(-1)?.atNs ?? 0;
  expect(judge(noted(lastNs + 60e9)).result.verdict).toBe('pass');
  expect(judge(noted(lastNs + yearNs)).result.verdict).toBe('inconclusive');
  expect(judge(noted(1)).result.verdict).toBe('inconclusive');
});
