/**
 * A run that is killed, at any moment and by anyone, leaves nothing behind but its record, and the
 * record up to then can be reported.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { type Command, QuietMachine } from '../../harness/bench/quiet-machine.js';
import { runResultSchema } from '../../harness/model/result.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { failoverLab } from './program.js';

test.skip(process.getuid?.() !== 0, 'A machine of its own, to count on, needs root.');

const scenario = 'relay-failover-fast';
/** The command itself, and not the `nsenter` that brought it there. */
const supervisor = /^\S*node \S*start\.mjs run /;
const runner = /^\S*node \S*harness\/lab\/main\.js/;
const bridge = /^\S*python3 .*bridge\/main\.py/;
const iperf3 = /^iperf3 /;
const controller = /osken-manager/;
const watch = /tap\/tap\.py /;
const meter = /meter\/meter\.py /;
/** Another seed, other moments. */
const seed = 20_260;

/** Nothing is measured here, and each worker has a machine of its own. */
test.describe.configure({ mode: 'parallel' });

let machine: QuietMachine;
test.beforeAll(async () => {
  machine = await QuietMachine.open();
});
test.afterAll(() => machine.close());

let before: string[];
test.beforeEach(() => {
  before = machine.census();
  expect(before.filter((line) => line.startsWith('process'))).not.toHaveLength(0);
});

/** One second after the end the machine is as it was. */
async function nothingIsLeft(): Promise<void> {
  await sleep(1000);
  expect(machine.census()).toEqual(before);
}

async function said(command: Command, text: string): Promise<void> {
  await expect.poll(() => command.stderr, { timeout: 60_000 }).toContain(text);
}

function recordIn(out: string): string | undefined {
  const parent = join(out, scenario);
  const names = existsSync(parent) ? readdirSync(parent) : [];
  return names.filter((name) => /^\d{4}-/.test(name)).map((name) => join(parent, name))[0];
}

/** The record can be judged, and proves nothing. */
function isInconclusive(out: string, exitCode = 2): void {
  const folder = recordIn(out);
  expect(folder).toBeDefined();
  const reported = failoverLab(['report', folder ?? '', '--json']);
  expect(reported.status, reported.stderr).toBe(exitCode);
  const result = runResultSchema.parse(JSON.parse(reported.stdout));
  expect(result.verdict).toBe('inconclusive');
  expect(sentencesOf(result.reasons).join()).not.toBe('');
  expect(failoverLab(['report', folder ?? '']).stdout).toContain('INCONCLUSIVE');
}

/** Five moments spread over the run, each at random within its part. */
function moments(): number[] {
  let state = seed;
  return [0, 1, 2, 3, 4].map((part) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round(300 + 2_300 * (part + state / 2 ** 32));
  });
}

for (const [index, momentMs] of moments().entries()) {
  test(`kill -9 of the command, moment ${index + 1}: ${momentMs} ms`, async () => {
    const out = test.info().outputPath('runs');
    const command = machine.start(['run', scenario, '--seed', '1', '--out', out]);
    await sleep(momentMs);
    expect(machine.signal(supervisor, 'SIGKILL')).toBeDefined();
    await command.ended;
    test.info().annotations.push({ type: 'killed after', description: lastLine(command.stderr) });
    await nothingIsLeft();
    const history = join(recordIn(out) ?? out, 'history.ndjson');
    if (existsSync(history) && readFileSync(history, 'utf8').includes('\n')) isInconclusive(out);
    else {
      // Killed before there was anything to record: said in words.
      const reported = failoverLab(['report', out]);
      expect(reported.status).toBe(64);
      const missing = existsSync(out) ? 'has no history.ndjson' : 'does not exist';
      expect(reported.stderr).toContain(missing);
    }
  });
}

test('Ctrl-C once: heals, tears down, keeps the record', async () => {
  const out = test.info().outputPath('runs');
  const command = machine.start(['run', scenario, '--seed', '1', '--out', out]);
  await said(command, 'fault: power-off');
  machine.signal(supervisor, 'SIGINT');
  expect(await command.ended).toBe(130);
  expect(command.stderr).toContain('SIGINT: healing and cleaning up');
  const history = readFileSync(join(recordIn(out) ?? '', 'history.ndjson'), 'utf8');
  expect(history).toContain('"kind":"fault.healed"');
  expect(history).toContain('"kind":"cleanup","leftovers":[],"mnCleanExitCode":0');
  await nothingIsLeft();
  isInconclusive(out, 130);
});

test('Ctrl-C twice: ends at once', async () => {
  const out = test.info().outputPath('runs');
  const command = machine.start(['run', scenario, '--seed', '1', '--out', out]);
  await said(command, 's traffic');
  machine.signal(supervisor, 'SIGINT');
  await said(command, 'healing and cleaning up');
  machine.signal(supervisor, 'SIGINT');
  const second = Date.now();
  expect(await command.ended).toBe(130);
  expect(Date.now() - second).toBeLessThan(3000);
  await nothingIsLeft();
  isInconclusive(out, 130);
});

for (const [name, pattern, reason, when = 's traffic'] of [
  ['the bridge', bridge, 'The bridge ended with SIGKILL'],
  ['the runner', runner, 'The runner ended with'],
  ['an iperf3', iperf3, 'tcp-h1-h2 was killed by SIGKILL before the end of the traffic'],
  ['the watch of the control channels', watch, 'watch of the control channels ended with SIGKILL'],
  ['the meter', meter, 'The meter h1-h2 ended with SIGKILL'],
  ["a node's shell", /mininet:r1/, 'The shell of r1 ended in the middle of a run'],
  ['the controller', controller, 'SIGKILL before the network was ready', 'waiting until ready'],
  [
    'an ovs-vswitchd',
    /^ovs-vswitchd .*\/r1\//,
    'The ovs-vswitchd of r1 ended before the network was ready',
    'waiting until ready',
  ],
] as const) {
  test(`kill -9 of ${name}: inconclusive, with the reason`, async () => {
    const out = test.info().outputPath('runs');
    // Otherwise the trial would be run again, and another attempt would count.
    const words = ['--seed', '1', '--out', out, '--replace', '0'];
    const command = machine.start(['run', scenario, ...words]);
    await said(command, when);
    await expect.poll(() => machine.signal(pattern, 'SIGKILL')).toBeDefined();
    expect(await command.ended, command.stderr).toBe(2);
    expect(command.stderr + command.stdout).toContain(reason);
    await nothingIsLeft();
    isInconclusive(out);
    // Whoever was killed but the runner itself, the lab came down inside its sandbox as well.
    const cleaned = historyIn(out).match(/"kind":"cleanup","leftovers":\[.*?\]/);
    if (pattern !== runner) expect(cleaned?.[0]).toBe('"kind":"cleanup","leftovers":[]');
  });
}

function historyIn(out: string): string {
  return readFileSync(join(recordIn(out) ?? '', 'history.ndjson'), 'utf8');
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
