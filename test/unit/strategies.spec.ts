/** Which trials each strategy runs, in what order, and when it has enough. */
import { expect, test } from '@playwright/test';
import { type Lane, runCampaign } from '../../harness/campaign/schedule.js';
import type { RecordedRun } from '../../harness/campaign/store/read-run.js';
import { fixed } from '../../harness/campaign/strategies/fixed.js';
import { gate } from '../../harness/campaign/strategies/gate.js';
import { untilPrecise } from '../../harness/campaign/strategies/until-precise.js';
import type { TrialPlan } from '../../harness/campaign/trial-plan.js';
import { judge } from '../../harness/judge/judge.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { buildHistory } from '../fixtures/constructed-history.js';
import { bothWays } from '../fixtures/history-plans.js';

const plansOf = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => ({ index: from + at }) as TrialPlan);

/** One trial with an outage of so many milliseconds. */
function trialOf(index: number, outageMs: number): HistoryEvent[] {
  return buildHistory({
    ...{ name: 'strategies', trafficMs: 14_000, rateHz: 200, fault: { atMs: 5000 } },
    lossSpans: bothWays(5001, 5001 + outageMs),
    shiftMs: 60_000 * index,
  })
    .filter(({ kind }) => kind !== 'run.header' && kind !== 'run.end')
    .map((event) => ({ ...event, trial: index }));
}

/** A record into which trials go whose outages are known beforehand; what happens is written down. */
function laneOf(
  log: string[],
  { name = 'a', outageMs = (_: number): number => 1000, endsAfterMs = 0, late = false } = {},
): Lane {
  return {
    ...{ replacements: 0, late },
    open: () => {
      log.push(`open ${name}`);
      const whole = buildHistory({
        ...{ name: 'strategies', trafficMs: 14_000, rateHz: 200, lossSpans: [] },
        fault: { atMs: 5000 },
      });
      const events = whole.filter(({ kind }) => kind === 'run.header');
      const judged = () => judge(events);
      return {
        judged,
        onReplace: () => {},
        async trial({ index }, keepLab) {
          log.push(`${name}${index}${keepLab ? '+' : ''}`);
          await new Promise((resolve) => setTimeout(resolve, endsAfterMs));
          events.push(...trialOf(index, outageMs(index)));
          return { reason: 'completed', error: null, replaceable: false };
        },
        async end(): Promise<RecordedRun> {
          log.push(`end ${name}`);
          return { folder: name, events, judged: judged() };
        },
      };
    },
  };
}

test('fixed: every trial, and a lab is kept as long as there is a next one', async () => {
  const log: string[] = [];
  const run = await runCampaign(fixed(plansOf(3)), [laneOf(log)], { keepLabs: true });
  expect(log).toEqual(['open a', 'a0+', 'a1+', 'a2', 'end a']);
  expect(run?.judged.result.trials).toHaveLength(3);
});

test('a record without any trial to run is opened and ended all the same', async () => {
  const log: string[] = [];
  await runCampaign(fixed([]), [laneOf(log)]);
  expect(log).toEqual(['open a', 'end a']);
});

test('until precise: like readings end it at the first interval, unlike ones at the most trials', async () => {
  const alike: string[] = [];
  await runCampaign(untilPrecise(plansOf(20), { kind: 'width', widthMs: 20 }, 20), [laneOf(alike)]);
  // Six readings are the fewest that give an interval of 95 %.
  expect(alike.filter((line) => /^a\d/.test(line))).toHaveLength(6);
  const apart: string[] = [];
  const lane = laneOf(apart, { outageMs: (index) => 300 + 400 * (index % 5) });
  await runCampaign(untilPrecise(plansOf(12), { kind: 'width', widthMs: 20 }, 9), [lane]);
  expect(apart.filter((line) => /^a\d/.test(line))).toHaveLength(9);
});

for (const doubt of [true, false]) {
  test(`gate: the first half is ended before it is judged; doubt: ${doubt}`, async () => {
    const log: string[] = [];
    const asked: string[] = [];
    const strategy = gate(plansOf(2), plansOf(2, 2), ({ folder }) => {
      asked.push(`${folder} after ${log.at(-1)}`);
      return doubt;
    });
    const lanes = [laneOf(log), laneOf(log, { name: 'b', late: true })];
    const { parts, doubled } = await runCampaign(strategy, lanes);
    const first = ['open a', 'a0', 'a1', 'end a'];
    expect(log).toEqual(doubt ? [...first, 'open b', 'b2', 'b3', 'end b'] : first);
    expect(new Set(asked)).toEqual(new Set(['a after end a']));
    expect({ parts: parts.length, doubled }).toEqual({ parts: doubt ? 2 : 1, doubled: doubt });
  });
}

test('gate, several at a time: the second half waits for all of the first', async () => {
  const log: string[] = [];
  const lanes = [
    laneOf(log, { endsAfterMs: 20 }),
    laneOf(log, { name: 'b', late: true, endsAfterMs: 5 }),
  ];
  const strategy = gate(plansOf(3), plansOf(3, 3), () => true);
  await runCampaign(strategy, lanes, { parallel: 2 });
  expect(log.indexOf('end a')).toBe(4);
  expect(log.slice(5)).toEqual(['open b', 'b3', 'b4', 'b5', 'end b']);
});
