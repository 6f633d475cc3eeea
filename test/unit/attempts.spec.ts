/** Attempts at a trial: which counts, what is shown of the others, and who is run again. */
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import {
  defaultReplacements,
  type Lane,
  runCampaign,
  type ScheduleOptions,
} from '../../harness/campaign/schedule.js';
import { unfinishedPart } from '../../harness/campaign/store/unfinished-run.js';
import { compare } from '../../harness/campaign/strategies/compare.js';
import type { TrialOutcome, TrialPlan } from '../../harness/campaign/trial-plan.js';
import { judge } from '../../harness/judge/judge.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { adviceOf } from '../../reports/advice/index.js';
import { renderJson } from '../../reports/json.js';
import { renderJunit } from '../../reports/junit.js';
import { renderMarkdown } from '../../reports/markdown.js';
import { renderTerminal } from '../../reports/terminal/terminal.js';
import { buildHistory, type HistoryPlan } from '../fixtures/constructed-history.js';
import { bothWays, outageAtMost } from '../fixtures/history-plans.js';

const base: HistoryPlan = {
  ...{ name: 'attempts', trafficMs: 14_000, rateHz: 200, lossSpans: bothWays(5001, 6001) },
  ...{ fault: { atMs: 5000 }, expectations: [outageAtMost(2000)] },
};
const shapes: Record<string, Partial<HistoryPlan>> = {
  pass: {},
  fail: { lossSpans: bothWays(5001, 8001) },
  starved: { starved: { atMs: 9000, forMs: 300 } },
  unproven: { fault: { atMs: 5000, verified: false } },
  'unproven-fail': { fault: { atMs: 5000, verified: false }, lossSpans: bothWays(5001, 8001) },
  'cut-off': { cutAtMs: 9000 },
};

/** One attempt at a trial as it stands in a record; attempt 0 bears no number, as in old records. */
function attempt(shape: string, trial: number, number: number): HistoryEvent[] {
  return buildHistory({
    ...base,
    shiftMs: 60_000 * number,
    ...shapes[shape],
  })
    .filter(({ kind }) => kind !== 'run.header' && kind !== 'run.end')
    .map((event) => ({ ...event, trial, ...(number > 0 ? { attempt: number } : {}) }));
}

function record(trials: string[][], replace?: number): HistoryEvent[] {
  const whole = buildHistory(base);
  const ends = whole.filter((event) => event.kind === 'run.end');
  const head = whole.filter((event) => event.kind === 'run.header');
  const events = trials.flatMap((all, trial) =>
    all.flatMap((each, at) => attempt(each, trial, at)),
  );
  const plan = { trials: trials.length, ...(replace === undefined ? {} : { replace }) };
  return [...head.map((event) => ({ ...event, ...plan })), ...events, ...ends];
}

test('the first valid attempt counts, else the last; the others are kept with their reasons', () => {
  const { result } = judge(
    record([
      ['starved', 'pass'],
      ['cut-off', 'fail'],
      ['pass', 'fail'],
      ['unproven', 'starved'],
    ]),
  );
  expect(result.trials.map((trial) => [trial.attempt, trial.status, trial.verdict])).toEqual([
    [1, 'valid', 'pass'],
    [1, 'valid', 'fail'],
    [0, 'valid', 'pass'],
    [1, 'invalid', 'inconclusive'],
  ]);
  const others = result.trials.map(({ attempts }) => attempts.map((one) => one.status));
  expect(others).toEqual([['invalid'], ['interrupted'], ['valid'], ['invalid']]);
  expect(result.trials[0]?.attempts[0]?.invalid).toMatchObject([
    { code: 'sender-stood-still', cause: 'machine' },
  ]);
  expect(result.trials[3]?.attempts[0]?.invalid[0]).toMatchObject({ code: 'change-not-proven' });
  expect(result.summary.networkOutageMs.n).toBe(3);
  expect(result).toMatchObject({ verdict: 'fail', interrupted: false });
});

test('replaced trials leave a verdict; when replacements are used up, one sentence says what to do', () => {
  const replaced = judge(record([['starved', 'starved', 'pass'], ['pass']])).result;
  expect(replaced).toMatchObject({ verdict: 'pass', reasons: [] });
  expect(adviceOf(replaced)).toEqual([]);
  const busy = judge(record([['starved', 'starved', 'starved']])).result;
  expect(busy.verdict).toBe('inconclusive');
  expect(adviceOf(busy)[0]).toBe(
    '1 of 1 trials is invalid after 2 were replaced because this machine was too busy; try ' +
      '--clock virtual, or run again on a quiet machine, with --parallel 1, or with lower rates',
  );
  expect(adviceOf(judge(record([['unproven']])).result)).toEqual([
    "read logs/ in the run's folder, and check this machine with failover-lab doctor",
  ]);
});

test('a resumed run goes on with what was cut off, and replaces within what is left', () => {
  const resumed = (trials: string[][], replace?: number) => {
    const events = record(trials, replace);
    const { attempts, done, replacementsLeft } = unfinishedPart(events, judge(events));
    return { attempts: [...attempts], done, replacementsLeft };
  };
  const trials = [['pass'], ['cut-off'], ['starved'], ['unproven'], ['starved', 'starved']];
  expect(resumed(trials, 2)).toEqual({
    attempts: [
      [1, 1],
      [2, 1],
    ],
    done: [0, 3, 4],
    replacementsLeft: 0,
  });
  // A record of an older version allows no replacement.
  expect(resumed(trials)).toMatchObject({ attempts: [[1, 1]], done: [0, 2, 3, 4] });
});

interface Side extends Lane {
  plans: TrialPlan[];
}

/** A side whose trials end as planned, attempt after attempt; what is run is written down. */
function laneOf(name: string, ends: string[][], replacements: number, log: string[]): Side {
  const planOf = (index: number) => ({ index }) as TrialPlan;
  const judged = () => judge(record([['pass']]));
  return {
    plans: ends.map((_, index) => planOf(index)),
    replacements,
    open: () => ({
      onReplace: ({ index }) => log.push(`replace ${name}${index}`),
      async trial({ index, attempt: number = 0 }): Promise<TrialOutcome> {
        log.push(`${name}${index}.${number}`);
        await Promise.resolve();
        const end = ends[index]?.[number] ?? 'valid';
        const reason = end === 'interrupted' ? 'interrupted' : 'completed';
        return { reason, error: null, replaceable: end === 'busy' };
      },
      judged,
      end: async () => ({ folder: name, events: [], judged: judged() }),
    }),
  };
}

/** The sides in turn, as `run` and `compare` run them; resolves with the records that were ended. */
async function runTrials(sides: Side[], options: ScheduleOptions = {}): Promise<string[]> {
  const runs = await runCampaign(compare(sides.map(({ plans }) => plans)), sides, options);
  return runs.map(({ folder }) => folder);
}

test('sides take turns; a disturbed trial is run again at once while replacements are left', async () => {
  const log: string[] = [];
  const a = laneOf('a', [['busy', 'busy'], [], ['busy', 'busy', 'busy']], 3, log);
  await runTrials([a, laneOf('b', [['busy'], [], []], 0, log)]);
  expect(log.join(' ')).toBe(
    'a0.0 replace a0 a0.1 replace a0 a0.2 b0.0 a1.0 b1.0 a2.0 replace a2 a2.1 b2.0',
  );
});

test('any plan: every trial is run, replacements stay within their number, an interruption ends it', async () => {
  const ends = fc.array(fc.array(fc.constantFrom('busy', 'valid'), { maxLength: 4 }), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(
      ends,
      fc.nat(6),
      fc.integer({ min: 1, max: 4 }),
      async (all, most, parallel) => {
        const log: string[] = [];
        await runTrials([laneOf('a', all, most, log)], { parallel });
        const runs = log.filter((line) => line.startsWith('a'));
        expect(new Set(runs).size).toBe(runs.length);
        for (const index of all.keys()) expect(runs).toContain(`a${index}.0`);
        const disturbed = runs.filter((run) => {
          const [index = 0, number = 0] = run.slice(1).split('.').map(Number);
          return all[index]?.[number] === 'busy';
        });
        expect(runs.length - all.length).toBe(Math.min(most, disturbed.length));
      },
    ),
  );
  const log: string[] = [];
  await runTrials([laneOf('a', [[], ['interrupted'], []], 2, log)]);
  expect(log).toEqual(['a0.0', 'a1.0']);
  expect(await runTrials([laneOf('a', [[]], 0, []), laneOf('b', [[]], 0, [])])).toEqual(['a', 'b']);
  expect([1, 2, 5, 10].map(defaultReplacements)).toEqual([2, 2, 2, 5]);
});

test('every report says over which trials its figures are, and shows attempts that do not count', () => {
  const run = judge(record([['starved', 'pass'], ['pass'], ['cut-off', 'pass'], ['unproven']]));
  const line = "trial 1, attempt 1 of 2, not counted: invalid, the meter's sender was stalled";
  const terminal = renderTerminal(run, { columns: 200, colour: false });
  expect(terminal).toContain('3 valid of 4 trials, 1 replaced, 1 resumed:');
  expect(terminal).toContain(line);
  expect(terminal).toContain('trial 3, attempt 1 of 2, not counted: interrupted');
  expect(terminal).toMatch(/network outage .* 3 +0\n[\s\S]*over 3 valid of 4 trials/);
  const markdown = renderMarkdown([run]);
  expect(markdown).toContain('<summary>3 valid of 4 trials, 1 replaced, 1 resumed</summary>');
  expect(markdown).toContain('over 3 valid of 4 trials');
  const junit = renderJunit([run]);
  expect(junit).toContain('3 valid of 4 trials, 1 replaced, 1 resumed');
  expect(JSON.parse(renderJson(run)).trials[0].attempts).toMatchObject([{ status: 'invalid' }]);
  const all = judge(record([['pass'], ['pass']]));
  expect(renderTerminal(all, { columns: 200, colour: false })).not.toContain('valid of');
  expect(renderMarkdown([all])).toContain('over 2 trials');
});

test('JUnit: a run that passes is green, though one trial of many proves nothing', () => {
  const many = judge(record([['unproven'], ...Array<string[]>(10).fill(['pass'])]));
  expect(many.result.verdict).toBe('pass');
  expect(renderJunit([many])).toMatch(/failures="0" errors="0" skipped="2"/);
  // What an invalid trial seems to show is neither a failure nor a success.
  const doubtful = judge(record([['unproven-fail']]));
  expect(doubtful.result.trials[0]?.expectations[0]?.verdict).toBe('fail');
  expect(renderJunit([doubtful])).toMatch(/failures="0" errors="2" skipped="1"/);
});
