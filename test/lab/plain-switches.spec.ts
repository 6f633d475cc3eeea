/** Faults of plain switches on a real lab, seen by what the harness has no part in. */
import { expect, test } from '@playwright/test';
import { DrivenLab } from './driven-lab.js';

let lab: DrivenLab;
test.beforeAll(async () => {
  lab = new DrivenLab('test/fixtures/labs/plain-switches.ts');
  await lab.ready();
});
test.afterAll(() => lab.close());

const far = () => {
  const shown = lab.inside('h3', 'ip', '-4', '-br', 'address', 'show', 'dev', 'h3-eth0').stdout;
  return /(\d+\.\d+\.\d+\.\d+)/.exec(shown)?.[1] ?? '';
};
const carrierOf = (port: string) =>
  lab.insideRoot('cat', `/sys/class/net/${port}/carrier`).stdout.trim();

test('switch-down: nothing passes, the neighbours lose carrier, and the others live', async () => {
  expect(lab.ping('h1', far())).toBe(1);
  const switchPid = lab.pids(/^ovs-vswitchd/);
  const injected = await lab.inject('switch-down', { kind: 'node', node: 's2' });
  expect(injected, JSON.stringify(injected)).toMatchObject({ type: 'done' });
  try {
    expect(lab.ping('h1', far(), 5)).toBe(0);
    const links = lab.insideRoot('ip', '-br', 'link').stdout.split('\n');
    const down = links.filter((line) => /^s2-eth\d+@/.test(line) && !/[<,]UP[,>]/.test(line));
    expect(down).toHaveLength(3);
    // The ends of s1 and s3 towards it are set up, and have no carrier.
    const [towards] = /s1-eth\d+@s2-eth\d+/.exec(links.join('\n')) ?? [''];
    expect(carrierOf(towards.replace(/@.*/, ''))).toBe('0');
    expect(lab.pids(/^ovs-vswitchd/)).toEqual(switchPid);
    // Its host has lost the carrier, and keeps its address.
    const host = lab.inside('h2', 'ip', '-br', 'address', 'show', 'dev', 'h2-eth0').stdout;
    expect(host).toMatch(/DOWN.*10\./);
  } finally {
    expect(await lab.heal()).toMatchObject({ type: 'done' });
  }
  await expect.poll(() => lab.ping('h1', far(), 5), { timeout: 15_000 }).toBe(1);
});
