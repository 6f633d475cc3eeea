/** Goal: `validate` and `list` as people call them: several files, a pipe that closes, JSON. */
import { spawnSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../harness/package-root.js';
import { listScenarios } from '../../harness/scenario/load.js';
import { failoverLab, program } from '../lab/program.js';

const broken = 'test/fixtures/broken/wrong-unit.ts';

test('every scenario in one go: a plan each, and less than a second for each', () => {
  const names = listScenarios(packageRoot());
  const startMs = performance.now();
  const done = failoverLab(['validate', ...names]);
  const tookMs = performance.now() - startMs;
  expect(done.status, done.stderr).toBe(0);
  expect(done.stdout.match(/^\S+: valid$/gm)).toEqual(names.map((name) => `${name}: valid`));
  expect(done.stdout.match(/ backup$/gm)).toHaveLength(names.length);
  expect(tookMs / names.length).toBeLessThan(1000);
});

test('a broken file among valid ones: all are judged, and the end is 64', () => {
  const done = failoverLab(['validate', 'relay-hang', broken, 'relay-crash']);
  expect(done.status).toBe(64);
  expect(done.stdout.match(/^\S+: valid$/gm)).toEqual(['relay-hang: valid', 'relay-crash: valid']);
  expect(done.stderr).toContain('scenario wrong-unit has 1 problem');
});

test('--json is the resolved scenario, or the error, alone', () => {
  const plan = failoverLab(['validate', 'relay-hang', '--json']);
  expect(JSON.parse(plan.stdout)).toMatchObject({ schemaVersion: 1, name: 'relay-hang' });
  const refused = failoverLab(['validate', 'relay-hang', broken, '--json']);
  expect(refused.status).toBe(64);
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'SCENARIO_INVALID' } });
});

test('whoever reads may stop reading', () => {
  const pipe = 'set -o pipefail; "$@" list | head -n 1';
  const words = ['-c', pipe, 'bash', process.execPath, program];
  const done = spawnSync('bash', words, { encoding: 'utf8', cwd: packageRoot() });
  expect(done.stderr).toBe('');
  expect(done.stdout).toBe('broken-pmtu\n');
  expect(done.status).toBe(0);
});
