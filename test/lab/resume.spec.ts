/**
 * A run of several trials that is killed in the middle and gone on with; trials side by side; a gate
 * that doubles. One short scenario with a controller that decides periodically, so that trials have
 * strata and phases.
 */

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { prepareRun } from '../../harness/campaign/prepare.js';
import type { EventOf } from '../../harness/model/history/events.js';
import { readHistory } from '../../harness/model/history/reader.js';
import { scenarioOfTrial } from '../../harness/model/history/trial-scenario.js';
import { packageRoot } from '../../harness/package-root.js';
import { gateResultSchema } from '../../reports/gate/index.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { failoverLab, program } from './program.js';

const seed = 41;

let root: string;
test.beforeEach(() => {
  root = test.info().outputPath('project');
  mkdirSync(join(root, 'scenarios'), { recursive: true });
  cpSync(
    join(packageRoot(), 'test/fixtures/labs/two-relays.ts'),
    join(root, 'scenarios/two-relays.ts'),
  );
});

function lab(argv: string[]) {
  return failoverLab(argv, { cwd: root });
}

/** The only record there is. */
function recordFolder(): string {
  const parent = join(root, 'runs/two-relays');
  const names = readdirSync(parent).filter((name) => name !== 'latest');
  expect(names).toHaveLength(1);
  return join(parent, names[0] ?? '');
}

function eventsOf<
  K extends EventOf<'trial.start' | 'trial.end' | 'run.header' | 'run.end'>['kind'],
>(kind: K): EventOf<K>[] {
  const { events } = readHistory(readFileSync(join(recordFolder(), 'history.ndjson'), 'utf8'));
  return events.filter((event): event is EventOf<K> => event.kind === kind);
}

/** Seed, stratum, phase and everything else that a plan fixes, as a run from end to end has them. */
async function wholePlan(trials: number) {
  const { trials: plans } = await prepareRun(root, {
    ...{ scenario: 'two-relays', seed, trials, out: 'runs', command: [] },
    ...{ sandbox: 'auto' as const, datapath: 'auto' as const },
  });
  return plans.map(({ index, ...plan }) => ({ trial: index, ...plan }));
}

/** Of the attempts that came to an end. */
function recordedPlan() {
  const [head] = eventsOf('run.header');
  const ended = eventsOf('trial.end').map(({ trial, attempt }) => `${trial}/${attempt ?? 0}`);
  return eventsOf('trial.start')
    .filter(({ trial, attempt }) => ended.includes(`${trial}/${attempt ?? 0}`))
    .map(({ trial, seed: own, stratum, phaseOffsetMs, ...start }) => ({
      ...{ trial, seed: own, stratum, phaseOffsetMs },
      scenario: head && scenarioOfTrial(head, start),
    }))
    .sort((a, b) => a.trial - b.trial);
}

test('killed in trial 3 of 4 and gone on with: every trial once, the plan of a run from end to end', async () => {
  const argv = ['run', 'two-relays', '--trials', '4', '--replace', '0', '--seed', String(seed)];
  const child = spawn(process.execPath, [program, ...argv], { cwd: root });
  const closed = new Promise((resolve) => child.on('close', resolve));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
    if (/trial 3\/4 .*fault: power-off/.test(said)) child.kill('SIGKILL');
  });
  await closed;
  expect(child.signalCode, said).toBe('SIGKILL');
  expect(eventsOf('trial.end')).toHaveLength(2);
  const killed = readFileSync(join(recordFolder(), 'history.ndjson'));

  const resumed = lab(['run', '--resume', '--json']);
  expect(resumed.stderr).toContain('2 of 4 trials are done');
  const whole = readFileSync(join(recordFolder(), 'history.ndjson'));
  expect(whole.subarray(0, killed.length).equals(killed), 'nothing was dropped').toBe(true);
  const result = JSON.parse(resumed.stdout);
  expect(result.trials.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2, 3]);
  expect(result.trials[2]).toMatchObject({ attempt: 1, attempts: [{ status: 'interrupted' }] });
  expect(result.cleanup.leftovers).toEqual([]);
  expect(sentencesOf(result.reasons).join()).not.toContain('trials were started');
  expect(recordedPlan()).toEqual(await wholePlan(4));
  expect(new Set(recordedPlan().map(({ stratum }) => stratum)).size).toBe(4);
  for (const kind of ['run.header', 'run.end'] as const) expect(eventsOf(kind)).toHaveLength(1);
  expect(eventsOf('trial.end').map(({ reason }) => reason)).toEqual(Array(4).fill('completed'));

  // The record serves as a baseline, and a gate that starts with one trial must double.
  const updated = lab(['gate', 'two-relays', '--update', '--recorded', recordFolder()]);
  if (result.trials.every(({ verdict }: { verdict: string }) => verdict === 'inconclusive')) return;
  expect(updated.status, updated.stderr).toBe(0);
  const gated = lab([
    'gate',
    'two-relays',
    '--trials',
    '1',
    '--replace',
    '0',
    '--json',
    '--junit',
    'gate.xml',
  ]);
  expect(gated.status, gated.stderr).toBe(2);
  expect(gated.stderr).toContain('inconclusive with 1 trials: adding 1');
  const [gate] = gateResultSchema.array().parse(JSON.parse(gated.stdout));
  expect(gate).toMatchObject({ doubled: true, refused: false, seed });
  expect((gate?.trials.valid ?? 0) + (gate?.trials.invalid.length ?? 0)).toBe(2);
  expect(readFileSync(join(root, 'gate.xml'), 'utf8')).toContain('errors="');
});

test('trials side by side keep to themselves, and too many of them are noticed', async () => {
  const many = 5;
  const side = ['--trials', String(many), '--parallel', String(many), '--replace', '0'];
  const run = lab([
    'run',
    'two-relays',
    ...side,
    '--seed',
    String(seed),
    '--json',
    '--markdown',
    'run.md',
  ]);
  const result = JSON.parse(run.stdout);
  expect(recordedPlan()).toEqual(await wholePlan(many));
  const starts = eventsOf('trial.start').map(({ atNs }) => atNs);
  const ends = eventsOf('trial.end').map(({ atNs }) => atNs);
  expect(Math.max(...starts), 'the last begins before the first ends').toBeLessThan(
    Math.min(...ends),
  );
  expect(result.cleanup.leftovers).toEqual([]);
  expect(eventsOf('run.header')[0]?.parallel).toBe(many);
  // Two processors cannot carry five labs; with many more of them it is not too many.
  if (result.environment.cores <= 2) {
    expect(run.status).toBe(2);
    expect(sentencesOf(result.reasons).join('\n')).toContain(
      `${many} concurrent labs are too many`,
    );
  }
  expect(readFileSync(join(root, 'run.md'), 'utf8')).toMatch(/^### /);
});
