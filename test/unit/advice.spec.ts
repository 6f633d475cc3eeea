/** A run without an answer ends with what to do now, by the facts of the machine. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { watchProcessors } from '../../harness/campaign/processor-watch.js';
import { judge } from '../../harness/judge/judge.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import type { ProcessorUse } from '../../harness/model/processor-use.js';
import { reasonShapes } from '../../harness/model/reason.js';
import { adviceByCode } from '../../reports/advice/by-code.js';
import { adviceOf } from '../../reports/advice/index.js';
import { renderGithub } from '../../reports/github.js';
import { renderJunit } from '../../reports/junit.js';
import { renderMarkdown } from '../../reports/markdown.js';
import { renderTerminal } from '../../reports/terminal/terminal.js';
import { buildHistory, type HistoryPlan } from '../fixtures/constructed-history.js';
import { bothWays, outageAtMost } from '../fixtures/history-plans.js';

const plan: HistoryPlan = {
  ...{ name: 'advice', trafficMs: 14_000, rateHz: 200, lossSpans: bothWays(5001, 6001) },
  ...{ fault: { atMs: 5000 }, expectations: [outageAtMost(2000)] },
};
const starved: HistoryPlan = { ...plan, starved: { atMs: 9000, forMs: 300 } };
const idle: ProcessorUse = {
  ...{ processors: 2, busyPercent: 150, ownPercent: 140, stolenPercent: 0, others: [] },
};

/** A disturbed run on a machine whose processors were used so. */
function disturbed(use: ProcessorUse) {
  const events = buildHistory(starved);
  const end = events.findIndex(({ kind }) => kind === 'trial.end');
  const atNs = (events[end]?.atNs ?? 0) + 1;
  const counted: HistoryEvent = {
    ...{ kind: 'observe.processors', atNs, trial: 0, sinceNs: 0 },
    ...use,
  };
  return judge([...events.slice(0, end + 1), counted, ...events.slice(end + 1)]);
}

function adviceFor(use: Partial<ProcessorUse>): string {
  return adviceOf(disturbed({ ...idle, ...use }).result).join('\n');
}

test('names who wants the processors, and what helps against it', () => {
  const others = [
    { program: 'cc1plus', percent: 97 },
    { program: 'node', percent: 83 },
  ];
  expect(adviceFor({ busyPercent: 198, ownPercent: 18, others })).toBe(
    '1 of 1 trials is invalid because this machine was too busy; 2 other processes (cc1plus, node) ' +
      'used 1.8 of 2 processors: try --clock virtual, which a busy machine does not disturb, or run ' +
      'again when they have ended',
  );
  expect(adviceFor({ others: others.slice(0, 1) })).toContain(
    'another process (cc1plus) used 1.0 of',
  );
  expect(adviceFor({ busyPercent: 198, ownPercent: 40 })).toContain(
    'other processes used 1.6 of 2',
  );
  expect(adviceFor({ stolenPercent: 60 })).toContain('the hypervisor gave 0.6 of 2 processors');
  expect(adviceFor({})).toContain('the lab alone used 1.4 of 2 processors: try --clock virtual');
});

test('every report of a run without an answer ends with it, and no other report has it', () => {
  const others = [{ program: 'cc1plus', percent: 97 }];
  const run = disturbed({ ...idle, others });
  const words = 'another process (cc1plus) used 1.0 of 2 processors: try --clock virtual';
  expect(renderTerminal(run, { columns: 300, colour: false })).toContain(words);
  expect(renderMarkdown([run])).toMatch(
    /\*\*What to do now\*\*\n\n- .*another process \(cc1plus\).*\n$/,
  );
  expect(renderJunit([run])).toMatch(/What to do now: 1 of 1 .*another process \(cc1plus\)/);
  expect(renderGithub(run)).toContain(words);
  const answered = judge(buildHistory(plan));
  expect(answered.result.verdict).toBe('pass');
  expect(renderMarkdown([answered]) + renderJunit([answered])).not.toContain('What to do now');
});

test('every code has its advice, or states that there is none', () => {
  expect(Object.keys(adviceByCode).sort()).toEqual(Object.keys(reasonShapes).sort());
  const invalid = judge(buildHistory({ ...plan, fault: { atMs: 5000, verified: false } })).result;
  expect(adviceOf(invalid)).toEqual([
    "read logs/ in the run's folder, and check this machine with failover-lab doctor",
  ]);
});

test('a process of somebody else that computes is counted, and a child of this one is not', async () => {
  const busy = 'timeout 40 sh -c "while :; do :; done"';
  const uses: Array<ReturnType<ReturnType<typeof watchProcessors>>> = [];
  // Its shell ends at once, so that it belongs to process 1; the other one stays a child.
  const stranger = execFileSync('sh', ['-c', `${busy} >/dev/null 2>&1 & echo $!`], {
    encoding: 'utf8',
  });
  const seen = async () => {
    const end = watchProcessors();
    await sleep(1500);
    uses.unshift(end());
    return uses[0]?.others.map(({ program }) => program);
  };
  // Beside much other work a shell gets a fifth of a processor only now and then.
  await expect.poll(seen, { timeout: 30_000, intervals: [1] }).toContain('sh');
  process.kill(Number(stranger));
  expect(uses[0]?.busyPercent).toBeGreaterThan(30);
  expect(uses[0]?.processors).toBeGreaterThan(0);
});
