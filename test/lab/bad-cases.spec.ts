/** What people meet sooner or later: each ends in time, with words that help, and nothing is left. */

import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { runResultSchema } from '../../harness/model/result.js';
import { markedProcesses } from '../../harness/sites/namespaces/leftovers.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { failoverLab, program } from './program.js';

const fast = 'relay-failover-fast';
const light = 'test/fixtures/labs/light.ts';
const fixture = (name: string) => `test/fixtures/labs/${name}.ts`;

function run(scenario: string, ...flags: string[]) {
  return failoverLab(['run', scenario, '--seed', '1', '--out', outFolder(), ...flags]);
}

function outFolder(): string {
  return test.info().outputPath('runs');
}

test('a controller that dies at start: its last lines are shown', () => {
  const done = run(fixture('dying-controller'));
  expect(done.status, done.stderr).toBe(2);
  expect(done.stderr).toContain('ended at start with status 3');
  expect(done.stderr).toContain('reading the licence');
  expect(done.stderr).toContain('no licence for this machine');
});

test('a network that never gets ready: the condition is named', () => {
  const done = run(fixture('never-ready'));
  expect(done.status, done.stderr).toBe(2);
  expect(done.stderr).toContain('The network was not ready within 3 s');
  expect(done.stderr).toContain('every switch connected to the controller was not reached');
});

test('an unknown name: the nearest is suggested', () => {
  const done = run('relay-failovr');
  expect(done.status).toBe(64);
  expect(done.stderr).toContain("there is no scenario 'relay-failovr'");
  expect(done.stderr).toMatch(/did you mean '?relay-failover'?\?/);
  expect(done.stdout).toBe('');
});

test('a mistake in a scenario file: file and line', () => {
  const done = run('test/fixtures/broken/syntax-error.ts');
  expect(done.status).toBe(64);
  expect(done.stderr).toContain('syntax-error.ts:5: Unexpected token');
});

test('a folder for runs that cannot be made', () => {
  const file = test.info().outputPath('a-file');
  writeFileSync(file, '');
  const done = failoverLab(['run', fast, '--seed', '1', '--out', `${file}/runs`]);
  expect(done.status, done.stderr).toBe(69);
  expect(done.stderr).toContain(`${file}/runs`);
  expect(done.stderr).toContain('--out');
});

for (const kilobytes of [16, 96]) {
  test(`a disk with room for ${kilobytes} kB: says so and leaves nothing`, () => {
    test.skip(process.getuid?.() !== 0, 'A small disk needs root.');
    const shell = `mount -n -t tmpfs -o size=${kilobytes}k small /mnt && exec "$@"`;
    const command = [process.execPath, program, 'run', fast, '--seed', '1', '--out', '/mnt/runs'];
    const done = spawnSync('unshare', ['--mount', '--', 'sh', '-c', shell, 'sh', ...command], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(done.status, done.stderr).toBe(69);
    expect(done.stderr).toMatch(/\/mnt\/runs.* cannot be written: ENOSPC/);
    expect(done.stderr).not.toContain('    at ');
    const [, runId] = /"runId":"([^"]+)"/.exec(done.stdout) ?? [];
    expect(runId === undefined ? [] : markedProcesses(runId)).toEqual([]);
  });
}

test('four runs at the same time in the same clone, with the same names', async () => {
  const out = outFolder();
  const all = await Promise.all([1, 2, 3, 4].map(() => alongside(out)));
  const results = all.map(({ status, stdout, stderr }) => {
    expect([0, 2], stderr).toContain(status);
    return runResultSchema.parse(JSON.parse(stdout));
  });
  expect(new Set(results.map(({ runId }) => runId)).size).toBe(4);
  for (const { verdict, trials, cleanup } of results) {
    // Four labs may be too much for two processors; then that is the reason, and nothing else.
    const crowded = sentencesOf(trials[0]?.fidelity?.reasons ?? []).length > 0;
    expect(verdict === 'pass' || (verdict === 'inconclusive' && crowded)).toBe(true);
    expect(trials[0]?.fault).toMatchObject({ kind: 'power-off', verified: true });
    expect(cleanup).toEqual({ leftovers: [], mnCleanExitCode: 0 });
  }
});

function alongside(out: string) {
  const argv = [program, 'run', light, '--seed', '1', '--json', '--out', out];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  const done = { status: null as number | null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    done.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    done.stderr += text;
  });
  return new Promise<typeof done>((resolve) => {
    child.on('close', (status) => resolve({ ...done, status }));
  });
}
