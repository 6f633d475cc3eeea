/** What could not be read is reported, and the run is judged without it. */

import { expect, test } from '@playwright/test';
import { judge } from '../../harness/judge/judge.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { buildHistory } from '../fixtures/constructed-history.js';

const judged = (extra: HistoryEvent[]) =>
  judge(
    buildHistory({
      name: 'unreadable',
      trafficMs: 20_000,
      fault: { atMs: 5_000 },
      extra,
      lossSpans: [
        { direction: 'forward', fromMs: 5_000, toMs: 5_100 },
        { direction: 'reverse', fromMs: 5_000, toMs: 5_100 },
      ],
    }),
  ).result;
const flaw = (lost: 'value' | 'event', times = 1): HistoryEvent => ({
  ...{ kind: 'unreadable', atNs: 6_000e6, trial: 0 },
  source: { role: 'iperf3', side: 'server', flow: 'u' },
  ...{ what: 'iperf.interval', field: 'lost_packets', value: '18446744073709552000', times, lost },
});

test('an unknown value is a remark, and the verdict stands', () => {
  const [without, result] = [judged([]), judged([flaw('value'), flaw('value', 3)])];
  expect(result.trials[0]?.verdict).toBe(without.trials[0]?.verdict);
  expect(sentencesOf(result.trials[0]?.reasons ?? [])).toContain(
    '4 values are unknown: iperf3 server u printed 18446744073709552000 as lost_packets of iperf.interval',
  );
});

test('an event that is missing makes its trial inconclusive, with the field', () => {
  const [trial] = judged([flaw('event')]).trials;
  expect(trial?.verdict).toBe('inconclusive');
  expect(sentencesOf(trial?.reasons ?? []).join()).toContain('lost_packets of iperf.interval');
});
