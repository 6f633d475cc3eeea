/** Networks of many nodes: built in batches, ended together, nothing left for `mn -c` to do. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runResultSchema } from '../../harness/model/result.js';
import { packageRoot } from '../../harness/package-root.js';
import { failoverLab } from './program.js';

const fixture = join(packageRoot(), 'test/fixtures/labs/many-switches.ts');

test('102 switches of two daemons are one network, and end without being taken apart', () => {
  const out = test.info().outputPath('runs');
  const done = failoverLab(['run', fixture, '--seed', '1', '--json', '--out', out]);
  const { reasons, cleanup, trials } = runResultSchema.parse(JSON.parse(done.stdout));
  expect(done.status, `${JSON.stringify(reasons)}\n${done.stderr}`).toBe(0);
  expect(trials[0]?.fault?.verified).toBe(true);
  expect(cleanup).toEqual({ leftovers: [], mnCleanExitCode: 0 });
  const run = join(out, 'many-switches/latest');
  for (const daemon of ['shared', 'shared-2']) {
    expect(existsSync(join(run, `logs/trial-0/${daemon}-ovs-vswitchd.log`)), daemon).toBe(true);
  }
  const history = readFileSync(join(run, 'history.ndjson'), 'utf8');
  expect(history).toMatch(/"kind":"cleanup".*"mnCleanRemoved":\[\]/);
  expect(history).not.toContain('"kind":"warning"');
});

test('bench scale: the same network by three builders; ours leaves no interface', () => {
  const done = failoverLab(['bench', 'scale', '--sizes', '12', '--json']);
  expect(done.status, done.stderr).toBe(0);
  const { readings } = JSON.parse(done.stdout);
  const ways = readings.map(({ kind, way }: Record<string, string>) => `${kind} ${way}`);
  expect(ways).toEqual([
    'switches failover-lab',
    'switches mininet',
    'switches floor',
    'relays failover-lab',
  ]);
  for (const { way, build, end, interfacesLeft } of readings) {
    expect(build.seconds).toBeGreaterThan(0.01);
    expect(end.seconds).toBeGreaterThan(0);
    if (way === 'failover-lab') expect(interfacesLeft).toBe(0);
  }
});
