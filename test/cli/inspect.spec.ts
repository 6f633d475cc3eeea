/** Goal: `validate` and `list` as people call them: several files, a pipe that closes, JSON. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { listScenarios } from '../../harness/language/load.js';
import { packageRoot } from '../../harness/package-root.js';
import { failoverLab, program } from '../lab/program.js';

const broken = 'test/fixtures/broken/wrong-unit.ts';

test('every scenario in one go: a plan each, and less than a second for each', () => {
  const names = listScenarios(packageRoot());
  const startMs = performance.now();
  const done = failoverLab(['validate', ...names]);
  const tookMs = performance.now() - startMs;
  expect(done.status, done.stderr).toBe(0);
  expect(done.stdout.match(/^\S+: valid$/gm)).toEqual(names.map((name) => `${name}: valid`));
  // A path that is too long for a picture is a line of its own.
  expect(done.stdout.match(/ backup$|^ {2}backup {2}\S/gm)).toHaveLength(names.length);
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

/** A project of one's own: a valid scenario between two that cannot be read. */
function project(names: Record<string, string>): string {
  const root = test.info().outputPath('project');
  mkdirSync(join(root, 'scenarios'), { recursive: true });
  for (const [name, file] of Object.entries(names)) {
    cpSync(join(packageRoot(), file), join(root, 'scenarios', `${name}.ts`));
  }
  return root;
}

test('list: a scenario that is invalid is reported, and hides none of the others', () => {
  const cwd = project({ a: broken, b: 'test/fixtures/labs/two-relays.ts', c: broken });
  const done = failoverLab(['list'], { cwd });
  expect(done.status).toBe(64);
  expect(done.stdout).toMatch(/^b$/m);
  for (const name of ['a', 'c']) expect(done.stderr).toContain(`scenario ${name} has 1 problem`);
  expect(done.stdout).toMatch(/^ {2}from +scenarios\/b\.ts$/m);
  const rows = JSON.parse(failoverLab(['list', '--json'], { cwd }).stdout);
  const own = rows.filter(({ name }: { name: string }) => !name.startsWith('failover-lab:'));
  expect(own).toMatchObject([
    { name: 'b', from: 'scenarios/b.ts' },
    { name: 'a', error: { code: 'SCENARIO_INVALID' } },
    { name: 'c', error: { code: 'SCENARIO_INVALID' } },
  ]);
});

test('in a project the scenarios of the package are found by their prefix', () => {
  const cwd = project({ mine: 'test/fixtures/labs/two-relays.ts' });
  const listed = failoverLab(['list'], { cwd });
  expect(listed.status, listed.stderr).toBe(0);
  const names = listed.stdout.match(/^\S+$/gm);
  const bundled = listScenarios(packageRoot()).map((name) => `failover-lab:${name}`);
  expect(names).toEqual(['mine', ...bundled]);
  expect(listed.stdout).toContain('from      the package failover-lab (relay-hang.ts)');
  const valid = failoverLab(['validate', 'failover-lab:relay-hang'], { cwd });
  expect(valid.stdout).toContain('relay-hang: valid');
  const bare = failoverLab(['validate', 'relay-hang'], { cwd });
  expect(bare.status).toBe(64);
  expect(bare.stderr).toContain("did you mean 'failover-lab:relay-hang'?");
  // A baseline belongs to the project: the package's folder is replaced by the next install.
  const gate = failoverLab(['gate', 'failover-lab:relay-hang'], { cwd });
  expect(gate.stderr).toContain('scenarios/relay-hang.baseline.json does not exist.');
});

test('run --all: scenarios that cannot be begun have a line and a test case each, and end with 64', () => {
  const cwd = project({ a: broken, c: broken });
  const done = failoverLab(['run', '--all', '--junit', 'all.xml', '--markdown', 'all.md'], { cwd });
  expect(done.status).toBe(64);
  for (const name of ['a', 'c']) {
    expect(done.stdout).toMatch(
      new RegExp(`^not run +${name} +.*scenario ${name} has 1 problem`, 'm'),
    );
  }
  expect(done.stderr).toContain('2 not run');
  const junit = readFileSync(join(cwd, 'all.xml'), 'utf8');
  expect(junit).toMatch(/<testsuites [^>]*tests="2" failures="0" errors="2"/);
  expect(readFileSync(join(cwd, 'all.md'), 'utf8')).toContain('a: not run');
});

test('whoever reads may stop reading', () => {
  const pipe = 'set -o pipefail; "$@" list | head -n 1';
  const words = ['-c', pipe, 'bash', process.execPath, program];
  const done = spawnSync('bash', words, { encoding: 'utf8', cwd: packageRoot() });
  expect(done.stderr).toBe('');
  expect(done.stdout).toBe('abilene\n');
  expect(done.status).toBe(0);
});
