/** Bonds of hosts, made by the kernel or by Open vSwitch, whichever this machine has. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { historyEvent } from '../../harness/model/history/events.js';
import { runResultSchema } from '../../harness/model/result.js';
import { DrivenLab } from './driven-lab.js';
import { failoverLab } from './program.js';

/** Of the scenario. */
const miimonMs = 100;

test('the active member changes within miimon, the way leads over the other switch', () => {
  const out = test.info().outputPath('runs');
  const done = failoverLab(['run', 'bond-failover', '--seed', '1', '--json', '--out', out]);
  const { trials, reasons } = runResultSchema.parse(JSON.parse(done.stdout));
  expect(done.status, `${JSON.stringify(reasons)}\n${done.stderr}`).toBe(0);
  const phases = trials[0]?.phases;
  const memberMs = phases?.firstFlowChangeMs ?? Number.NaN;
  expect(memberMs).toBeGreaterThan(phases?.detectedMs ?? Number.NaN);
  expect(memberMs).toBeLessThan(miimonMs + 60);
  const history = readFileSync(`${out}/bond-failover/latest/history.ndjson`, 'utf8');
  const events = history.split('\n').flatMap((line) => {
    const read = historyEvent.safeParse(JSON.parse(line || 'null'));
    return read.success ? [read.data] : [];
  });
  const ways = events.flatMap((event) => (event.kind === 'path' ? [event.nodes.join(' ')] : []));
  expect(ways).toContain('h1 s1 s3 h2');
  expect(ways).toContain('h1 s2 s3 h2');
  const active = events.flatMap((event) => (event.kind === 'observe.bond' ? [event.active] : []));
  expect(active.slice(-3)).toEqual(['h1-eth0', 'h1-eth1', 'h1-eth0']);
});

test('LACP is agreed on, and each member carries the traffic while the other is cut', async () => {
  const lab = new DrivenLab('test/fixtures/labs/lacp-bond.ts');
  try {
    await lab.ready();
    const passes = () => lab.ping('h1', '10.0.0.2', 3);
    expect(passes()).toBe(1);
    for (const link of ['h1-s1', 'h1-s1-2']) {
      const cut = await lab.inject('link-down', { kind: 'link', link });
      expect(cut, JSON.stringify(cut)).toMatchObject({ type: 'done' });
      await expect.poll(passes, { timeout: 10_000 }).toBe(1);
      expect(await lab.heal()).toMatchObject({ type: 'done' });
      await expect.poll(() => lab.ping('h1', '10.0.0.2', 10), { timeout: 20_000 }).toBe(1);
    }
    const both = ['h1-s1', 'h1-s1-2'];
    for (const link of both) await lab.inject('link-down', { kind: 'link', link });
    expect(passes()).toBe(0);
  } finally {
    await lab.close();
  }
});
