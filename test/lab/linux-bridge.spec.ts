/**
 * Linux bridges in a triangle, whose spanning tree is the kernel's: two hosts talk over the root,
 * which loses its power, and the link that was blocked takes over when it has listened and learnt.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { runResultSchema } from '../../harness/model/result.js';
import { DrivenLab } from './driven-lab.js';
import { failoverLab } from './program.js';

/** Twice the forward delay that the scenario states. */
const treeMs = 4000;

test('the root loses its power: dark for twice the forward delay, and the way changes', () => {
  const out = test.info().outputPath('runs');
  const done = failoverLab(['run', 'spanning-tree-root', '--seed', '1', '--json', '--out', out]);
  const { trials, reasons } = runResultSchema.parse(JSON.parse(done.stdout));
  expect(done.status, `${JSON.stringify(reasons)}\n${done.stderr}`).toBe(0);
  const [trial] = trials;
  expect(trial?.expectations).toMatchObject([{ verdict: 'pass' }]);
  expect(trial?.relays).toMatchObject({ died: ['b3'] });
  const outageMs = trial?.network?.forward?.outageMs ?? Number.NaN;
  expect(outageMs).toBeGreaterThan(treeMs * 0.9);
  expect(outageMs).toBeLessThan(treeMs + 2000);
  const history = readFileSync(`${out}/spanning-tree-root/latest/history.ndjson`, 'utf8');
  const ways = [...history.matchAll(/"nodes":(\["h1"[^\]]*\])/g)].map(([, nodes]) => nodes);
  expect(ways).toContain('["h1","b1","b3","b2","h2"]');
  expect(ways.at(-1)).toBe('["h1","b1","b2","h2"]');
});

test('power and links of a bridge go and come back', async () => {
  test.setTimeout(180_000);
  const lab = new DrivenLab('spanning-tree-root');
  try {
    await lab.ready();
    const far = '10.0.0.2';
    const passes = () => lab.ping('h1', far, 3);
    const stateOfPort = (node: string, port: string) =>
      lab.inside(node, 'cat', `/sys/class/net/${port}/brport/state`).stdout.trim();
    const portsForward = () =>
      ['b3-eth1', 'b3-eth2'].every((port) => stateOfPort('b3', port) === forwarding);
    const [blocking, forwarding] = ['4', '3'];
    expect(passes()).toBe(1);
    expect(stateOfPort('b2', 'b2-eth2')).toBe(blocking);
    const dead = await lab.inject('power-off', { kind: 'node', node: 'b3' });
    expect(dead, JSON.stringify(dead)).toMatchObject({ type: 'done' });
    const up = lab.inside('b3', 'ip', '-br', 'link', 'show', 'master', 'br0', 'up').stdout;
    expect(up).toBe('');
    await expect.poll(passes, { timeout: 40_000 }).toBe(1);
    expect(stateOfPort('b2', 'b2-eth2')).toBe(forwarding);
    expect(await lab.heal()).toMatchObject({ type: 'done' });
    await expect.poll(() => stateOfPort('b2', 'b2-eth2'), { timeout: 40_000 }).toBe(blocking);
    // The kernel keeps what it learnt for five minutes although the tree has changed: until a host
    // broadcasts again, frames go to the port that is blocked at its other end.
    await expect.poll(portsForward, { timeout: 15_000 }).toBe(true);
    for (const host of ['h1', 'h2']) lab.inside(host, 'ip', 'neigh', 'flush', 'all');
    await expect.poll(passes, { timeout: 40_000 }).toBe(1);
    const cut = await lab.inject('link-down', { kind: 'link', link: 'b1-b3' });
    expect(cut, JSON.stringify(cut)).toMatchObject({ type: 'done' });
    expect(passes()).toBe(0);
    await expect.poll(passes, { timeout: 40_000 }).toBe(1);
    const crash = await lab.inject('vswitchd-crash', { kind: 'node', node: 'b3' });
    expect(crash).toMatchObject({ type: 'refused', error: { code: 'FAULT_NOT_APPLIED' } });
    expect(await lab.heal()).toMatchObject({ type: 'done' });
  } finally {
    await lab.close();
  }
});
