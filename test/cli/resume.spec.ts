/**
 * What is left to do of a run that was cut off, without building anything: the plan must be that of
 * a run that was never interrupted. lab/resume.spec.ts kills a real one.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type PreparedRun, prepareRun, type RunOptions } from '../../harness/campaign/prepare.js';
import { HistoryWriter } from '../../harness/campaign/store/history-writer.js';
import {
  prepareResumed,
  readUnfinished,
  resumedOptions,
} from '../../harness/campaign/store/unfinished-run.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { readHistoryFile } from '../../harness/model/history/reader.js';
import { packageRoot } from '../../harness/package-root.js';
import { historyText } from '../fixtures/constructed-history.js';

const scenario = join(packageRoot(), 'test/fixtures/labs/two-relays.ts');
const asked: RunOptions = {
  scenario,
  seed: 41,
  trials: 10,
  out: 'runs',
  sandbox: 'root',
  datapath: 'user',
  command: ['failover-lab', 'run', scenario, '--controller=floyd:decisionEvery=2s'],
  controller: 'floyd:decisionEvery=2s',
};
/** What a later command line would bring by itself: other chances, no controller. */
const later: RunOptions = { ...asked, seed: 999, trials: 1, command: ['failover-lab', 'run'] };
delete later.controller;

let whole: PreparedRun;
test.beforeAll(async () => {
  whole = await prepareRun(packageRoot(), asked);
});

/** The record of a run that was killed in its fourth trial, its last line half written. */
function killed(
  name: string,
  change: { indexes?: number[]; kernel?: string; labs?: 'reused' } = {},
): string {
  const folder = test.info().outputPath(name);
  mkdirSync(folder, { recursive: true });
  const planned = change.indexes ?? whole.trials.map(({ index }) => index);
  const plans = planned.flatMap((index) => whole.trials[index] ?? []);
  const [first] = plans;
  if (!first) throw new Error('a run has trials');
  const { kernel = whole.environment.kernel, labs } = change;
  const head: HistoryEvent = {
    kind: 'run.header',
    atNs: 1,
    trial: first.index,
    schemaVersion: 2,
    runId: `killed-${name}`,
    scenario: first.scenario,
    seed: asked.seed,
    trials: asked.trials,
    ...(change.indexes ? { indexes: change.indexes } : {}),
    wallTime: '2026-01-01T00:00:00.000Z',
    command: asked.command,
    environment: { ...whole.environment, kernel, ...(labs ? { labs } : {}) },
  };
  const started = plans.slice(0, 4).map(
    ({ index: trial, seed, stratum, phaseOffsetMs, scenario: resolved }): HistoryEvent => ({
      ...{ kind: 'trial.start', atNs: 2 + trial, trial, seed, stratum, phaseOffsetMs },
      scenario: resolved,
    }),
  );
  const ended = started.slice(0, 3).map(
    ({ atNs, trial }): HistoryEvent => ({
      ...{ kind: 'trial.end', atNs, trial, reason: 'completed', error: null },
    }),
  );
  const events = [
    head,
    ...started.flatMap((start, at) => [start, ...(ended[at] ? [ended[at]] : [])]),
  ];
  writeFileSync(join(folder, 'history.ndjson'), `${historyText(events)}{"kind":"phase","atN`);
  return folder;
}

test('killed in trial 4 of 10: what remains is the plan of an uninterrupted run', async () => {
  const folder = killed('ten');
  const resume = await readUnfinished(folder, 'runs');
  expect(resume.done).toEqual([0, 1, 2]);
  const { scenario: _, ...others } = later;
  const options = resumedOptions(resume, others);
  expect(options).toMatchObject({ scenario, seed: 41, trials: 10, controller: asked.controller });
  const rest = await prepareResumed(packageRoot(), options, resume);
  // Seeds, strata, phases and the whole resolved scenario of every trial; the fourth is tried again.
  expect(rest.trials).toEqual(attempted(whole.trials.slice(3)));
});

test('what was recorded stays, byte for byte; the cut-off line is followed by the mark', async () => {
  const folder = killed('appended');
  const file = join(folder, 'history.ndjson');
  const before = readFileSync(file);
  const writer = new HistoryWriter(folder);
  writer.write({
    ...{ kind: 'run.resumed', atNs: 9, trial: 0, schemaVersion: 2 },
    command: later.command,
  });
  writer.close();
  const after = readFileSync(file);
  expect(after.subarray(0, before.length).equals(before)).toBe(true);
  const { events, truncated } = await readHistoryFile(file);
  expect(truncated).toBe(false);
  expect(events.map(({ kind }) => kind)).toEqual([
    'run.header',
    ...Array(3).fill(['trial.start', 'trial.end']).flat(),
    ...['trial.start', 'run.resumed'],
  ]);
  // Cut off again before anything was recorded: the fourth trial is still the one to be tried again.
  const resume = await readUnfinished(folder, 'runs');
  expect([...resume.attempts]).toEqual([[3, 1], ...[4, 5, 6, 7, 8, 9].map((index) => [index, 0])]);
});

test('a trial that failed by itself is done; one that the user interrupted is not', async () => {
  const folder = killed('failed');
  const text = readFileSync(join(folder, 'history.ndjson'), 'utf8');
  const lines = text
    .split('\n')
    .map((line) =>
      line
        .replace('"trial":1,"reason":"completed"', '"trial":1,"reason":"failed"')
        .replace('"trial":2,"reason":"completed"', '"trial":2,"reason":"interrupted"'),
    );
  writeFileSync(join(folder, 'history.ndjson'), lines.join('\n'));
  const resume = await readUnfinished(folder, 'runs');
  expect(resume.done).toEqual([0, 1]);
  expect(resume.attempts.get(2)).toBe(1);
});

/** As they are resumed: the first of them had begun. */
function attempted(plans: PreparedRun['trials']) {
  return plans.map((plan, at) => ({ ...plan, attempt: at === 0 ? 1 : 0 }));
}

test('a shard goes on with its own trials, not with those of the others', async () => {
  const indexes = [1, 3, 5, 7, 9];
  const resume = await readUnfinished(killed('shard', { indexes }), 'runs');
  const rest = await prepareResumed(packageRoot(), resumedOptions(resume, later), resume);
  expect(rest.trials.map(({ index }) => index)).toEqual([7, 9]);
});

test('the record says whether labs are used again', async () => {
  const resume = await readUnfinished(killed('reused', { labs: 'reused' }), 'runs');
  const options = resumedOptions(resume, later);
  expect(options.reuse).toBe(true);
  const rest = await prepareResumed(packageRoot(), options, resume);
  expect(rest.trials).toEqual(attempted(whole.trials.slice(3)));
  const fresh = prepareResumed(packageRoot(), { ...options, reuse: false }, resume);
  await expect(fresh).rejects.toThrow('the machine differs: labs reused → fresh');
});

test('a controller that gives its place away for good needs a fresh lab', async () => {
  const scenario = 'controller-failover';
  const refused = prepareRun(packageRoot(), { ...later, scenario, reuse: true });
  await expect(refused).rejects.toThrow(
    '--reuse cannot be used with controller-failover: a trial changes which controller is the master permanently.',
  );
});

test('another controller, another machine or a changed scenario is refused', async () => {
  const resume = await readUnfinished(killed('changed'), 'runs');
  const other = resumedOptions(resume, { ...later, controller: 'floyd:decisionEvery=3s' });
  await expect(prepareResumed(packageRoot(), other, resume)).rejects.toThrow(
    /cannot be resumed: two-relays has changed since/,
  );
  const elsewhere = await readUnfinished(killed('elsewhere', { kernel: '5.15.0' }), 'runs');
  const options = resumedOptions(elsewhere, later);
  await expect(prepareResumed(packageRoot(), options, elsewhere)).rejects.toThrow(
    /the machine differs: kernel 5\.15\.0 → /,
  );
});
