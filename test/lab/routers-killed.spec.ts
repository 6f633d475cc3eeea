/**
 * A lab of routers leaves nothing behind, however it ends: its daemons have sessions of their own,
 * and keepalived is two processes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { type Command, QuietMachine } from '../../harness/bench/quiet-machine.js';
import { historyBelow } from './lab-processes.js';

const installed = existsSync('/usr/lib/frr/zebra') && existsSync('/usr/sbin/keepalived');
test.skip(!installed, 'the packages frr and keepalived are not installed');
test.skip(process.getuid?.() !== 0, 'A machine of its own, to count on, needs root.');

const supervisor = /^\S*node \S*start\.mjs run /;
const bridge = /^\S*python3 .*bridge\/main\.py/;
const daemons = /^(keepalived|\S*\/(zebra|ospfd|bfdd)) /;

/** Nothing is measured here, and each worker has a machine of its own. */
test.describe.configure({ mode: 'parallel' });

let machine: QuietMachine;
let before: string[];
test.beforeAll(async () => {
  machine = await QuietMachine.open();
});
test.afterAll(() => machine.close());
test.beforeEach(() => {
  before = machine.census();
  expect(before.filter((line) => line.startsWith('process'))).not.toHaveLength(0);
});

function start(scenario: string): { command: Command; out: string } {
  const out = test.info().outputPath('runs');
  const words = ['run', scenario, '--seed', '1', '--out', out, '--replace', '0'];
  return { command: machine.start(words), out };
}

async function said(command: Command, text: string): Promise<void> {
  await expect.poll(() => command.stderr, { timeout: 90_000 }).toContain(text);
}

/** One second after the end the machine is as it was. */
async function nothingIsLeft(): Promise<void> {
  await sleep(1000);
  expect(machine.census()).toEqual(before);
}

function livingDaemons(): number {
  return machine.processes().filter(({ commandLine }) => daemons.test(commandLine)).length;
}

const scenarios = [
  { scenario: 'ospf-bfd', processes: 12 },
  { scenario: 'vrrp-gateway', processes: 4 },
];
for (const { scenario, processes } of scenarios) {
  test(`${scenario}: all daemons end in order, none by force`, async () => {
    const { command, out } = start(scenario);
    await said(command, 's traffic');
    expect(livingDaemons()).toBe(processes);
    expect([0, 2], command.stderr).toContain(await command.ended);
    const history = readFileSync(historyBelow(out) ?? '', 'utf8');
    expect(history).toContain('"kind":"cleanup","leftovers":[]');
    expect(history).not.toContain('ended-by-force');
    await nothingIsLeft();
  });

  for (const moment of ['building the network', 'waiting until ready', 'fault: power-off']) {
    test(`${scenario}: kill -9 of the command at "${moment}"`, async () => {
      const { command } = start(scenario);
      await said(command, moment);
      expect(machine.signal(supervisor, 'SIGKILL')).toBeDefined();
      await command.ended;
      await nothingIsLeft();
    });
  }

  test(`${scenario}: kill -9 of the bridge`, async () => {
    const { command } = start(scenario);
    await said(command, 's traffic');
    await expect.poll(() => machine.signal(bridge, 'SIGKILL')).toBeDefined();
    expect(await command.ended, command.stderr).toBe(2);
    await nothingIsLeft();
  });
}
