/**
 * Trials that share a lab: it is built once, healed in between and cleaned at the end; a trial that
 * breaks it says so, and the next one has a fresh lab.
 */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { type HistoryEvent, historyEvent } from '../../harness/model/history/events.js';
import { type RunResult, runResultSchema } from '../../harness/model/result.js';
import { markedProcesses } from '../../harness/sites/namespaces/leftovers.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { historyBelow, pidsOf } from './lab-processes.js';
import { failoverLab, program } from './program.js';

const scenario = 'relay-failover-fast';

let out: string;
test.beforeEach(() => {
  out = test.info().outputPath('runs');
});

function argvOf(trials: number): string[] {
  const plan = ['--trials', String(trials), '--seed', '3'];
  return ['run', scenario, ...plan, '--reuse', '--json', '--out', out];
}

function recorded(): HistoryEvent[] {
  return readFileSync(historyBelow(out) ?? '', 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => historyEvent.parse(JSON.parse(line)));
}

/** Trials in which a network was built, or another phase was entered. */
function trialsWith(phase: string): number[] {
  return recorded().flatMap((event) =>
    event.kind === 'phase' && event.phase === phase ? [event.trial] : [],
  );
}

function nothingIsLeft({ runId, trials }: RunResult): void {
  for (const { cleanup } of trials) expect(cleanup.mnCleanExitCode).toBe(0);
  expect(trials.at(-1)?.cleanup.leftovers).toEqual([]);
  expect(recorded().at(-1)).toMatchObject({ kind: 'run.end', leftovers: [] });
  expect(markedProcesses(runId)).toEqual([]);
}

test('three trials in one lab: built once, each judged for itself', () => {
  const run = failoverLab(argvOf(3));
  expect(run.status, run.stderr).toBe(0);
  const result = runResultSchema.parse(JSON.parse(run.stdout));
  expect(result.environment.labs).toBe('reused');
  expect(trialsWith('build')).toEqual([0]);
  expect(trialsWith('traffic')).toEqual([0, 1, 2]);
  expect(trialsWith('clean')).toEqual([2]);
  // The first controller is the last one, too.
  expect(recorded().filter(({ kind }) => kind === 'controller.start')).toHaveLength(1);
  const [first, ...later] = result.trials;
  const besideTrafficMs = (trial: typeof first) =>
    (trial?.timing.controllerWaitMs ?? 0) + (trial?.timing.overheadMs ?? 0);
  for (const trial of later) {
    expect(trial).toMatchObject({ verdict: 'pass', fault: { verified: true } });
    expect(trial.timing.parts).not.toHaveProperty('build');
    const cleanMs = trial.timing.parts.clean ?? 0;
    expect(besideTrafficMs(trial) - cleanMs).toBeLessThan(besideTrafficMs(first));
  }
  expect(new Set(result.trials.map(({ seed }) => seed)).size).toBe(3);
  nothingIsLeft(result);
  expect(result.cleanup).toEqual({ leftovers: [], mnCleanExitCode: 0 });
  const reported = failoverLab(['report', historyBelow(out) ?? '', '--json']);
  expect(JSON.parse(reported.stdout)).toEqual(JSON.parse(run.stdout));
});

test('a trial breaks the lab: it says so, and the next one has a fresh lab', async () => {
  const child = spawn(process.execPath, [program, ...argvOf(2)]);
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const said = { stdout: '', stderr: '' };
  let killed = false;
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.stderr += text;
    if (killed || !/trial 1\/2 .*traffic/.test(said.stderr)) return;
    killed = true;
    for (const pid of pidsOf(out, /bridge\/main\.py/)) process.kill(pid, 'SIGKILL');
  });
  expect(await closed, said.stderr).toBe(2);
  const result = runResultSchema.parse(JSON.parse(said.stdout));
  expect(result.trials.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'pass']);
  expect(sentencesOf(result.trials[0]?.reasons ?? []).join()).toContain(
    'The bridge ended with SIGKILL',
  );
  expect(trialsWith('sandbox')).toEqual([0, 1]);
  expect(trialsWith('build')).toEqual([0, 1]);
  nothingIsLeft(result);
});
