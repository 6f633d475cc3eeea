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

test('host-down: nothing passes, the host and its port lose carrier, and it keeps its address', async () => {
  expect(lab.ping('h1', far())).toBe(1);
  const injected = await lab.inject('host-down', { kind: 'node', node: 'h3' });
  expect(injected, JSON.stringify(injected)).toMatchObject({ type: 'done' });
  try {
    expect(lab.ping('h1', far(), 5)).toBe(0);
    const host = lab.inside('h3', 'ip', '-br', 'address', 'show', 'dev', 'h3-eth0').stdout;
    expect(host).toMatch(/DOWN.*10\./);
    const links = lab.insideRoot('ip', '-br', 'link').stdout.split('\n');
    expect(links.filter((line) => /^s3-eth\d+@/.test(line) && / DOWN /.test(line))).toHaveLength(1);
    // Its processes live.
    expect(lab.pids(/mininet:h3 *$/)).toHaveLength(1);
  } finally {
    expect(await lab.heal()).toMatchObject({ type: 'done' });
  }
  await expect.poll(() => lab.ping('h1', far(), 5), { timeout: 15_000 }).toBe(1);
});

test('port-down: OpenFlow shows the port as down, and its neighbour loses carrier', async () => {
  expect(lab.ping('h1', far())).toBe(1);
  const links = lab.insideRoot('ip', '-br', 'link').stdout;
  const [, port = '', towards = ''] = /(s2-eth\d+)@(s3-eth\d+)/.exec(links) ?? [];
  const configOf = () => {
    const shown = lab.insideRoot('ovs-ofctl', '-O', 'OpenFlow13', 'show', 's2').stdout;
    return /config: +(.*)/.exec(shown.split(`(${port}):`)[1] ?? '')?.[1];
  };
  expect(configOf()).toBe('0');
  const target = { kind: 'link', link: 's2-s3' };
  const injected = await lab.inject('port-down', target, { at: 's2' });
  expect(injected, JSON.stringify(injected)).toMatchObject({ type: 'done' });
  try {
    expect(configOf()).toBe('PORT_DOWN');
    expect(lab.ping('h1', far(), 5)).toBe(0);
    expect(carrierOf(towards)).toBe('0');
  } finally {
    expect(await lab.heal()).toMatchObject({ type: 'done' });
  }
  expect(configOf()).toBe('0');
  await expect.poll(() => lab.ping('h1', far(), 5), { timeout: 15_000 }).toBe(1);
  // An end that has no Open vSwitch is refused.
  const refused = await lab.inject('port-down', { kind: 'link', link: 'h1-s1' }, { at: 'h1' });
  expect(refused).toMatchObject({ type: 'refused', error: { code: 'FAULT_NOT_APPLIED' } });
});
