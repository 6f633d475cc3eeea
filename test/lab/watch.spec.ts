/** Two machines that are not ours, a router between them, and somebody who breaks it by hand. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { type RunResult, runResultSchema } from '../../harness/model/result.js';
import { type MadeOutage, TwoMachines, whyNoMachines } from '../fixtures/two-machines.js';

const missing = whyNoMachines();
test.skip(missing !== null, missing ?? '');
test.describe.configure({ mode: 'serial' });

/** A stated accuracy of the reading. */
const withinMs = 2;
const probes = 'udp dport 47400';

let machines: TwoMachines;
test.beforeAll(async () => {
  machines = new TwoMachines(3600);
  await machines.ready();
});
test.afterAll(() => machines?.close());

interface Watching {
  child: ChildProcess;
  printed: { out: string; err: string };
}

async function measuring(...args: string[]): Promise<Watching> {
  const out = test.info().outputPath('runs');
  const child = machines.start(machines.watchWords('--yes', '--json', '--out', out, ...args));
  const printed = { out: '', err: '' };
  child.stdout?.on('data', (text) => (printed.out += text));
  child.stderr?.on('data', (text) => (printed.err += text));
  await expect.poll(() => printed.err, { timeout: 30_000 }).toContain('measuring');
  return { child, printed };
}

async function resultOf({ child, printed }: Watching): Promise<RunResult> {
  if (child.exitCode === null) await once(child, 'exit');
  return runResultSchema.parse(JSON.parse(printed.out));
}

/** The outages of one direction that are no single lost packets of a busy machine. */
function lengths(result: RunResult, direction: 'forward' | 'reverse') {
  const listed = result.trials[0]?.outages ?? [];
  return listed.filter((one) => one.direction === direction && one.atLeastMs > 100);
}

function expectRead(result: RunResult, made: readonly MadeOutage[]): void {
  for (const direction of ['forward', 'reverse'] as const) {
    const read = lengths(result, direction);
    expect(read.length, JSON.stringify(read)).toBe(made.length);
    for (const [index, { outageMs, lateMs }] of read.entries()) {
      const { atLeastMs = 0, atMostMs = 0 } = made[index] ?? {};
      expect(outageMs).toBeGreaterThan(atLeastMs - withinMs);
      // The sender's own lateness on a busy machine is stated beside the number.
      expect(outageMs).toBeLessThan(atMostMs + withinMs + lateMs);
    }
  }
}

test('outages made by hand are read in each direction, by clocks an hour apart', async () => {
  test.setTimeout(120_000);
  const watching = await measuring('--during', '18s');
  const made: MadeOutage[] = [];
  await sleep(700);
  const marked = machines.words('mark', 'pulled the cable');
  expect(spawnSync(marked[0] ?? '', marked.slice(1)).status).toBe(0);
  for (const ms of [150, 800, 2500, 7000]) {
    made.push(await machines.breakFor(probes, ms));
    await sleep(700);
  }
  const result = await resultOf(watching);
  expectRead(result, made);
  const [trial] = result.trials;
  expect(trial?.marks.map(({ text }) => text)).toEqual(['pulled the cable']);
  expect(lengths(result, 'forward')[0]?.mark).toBe('pulled the cable');
  expect(result.cleanup.leftovers).toEqual([]);
  expect(machines.ends()).toEqual([]);
  expect(watching.printed.err).toContain('back after');
});

test('an end whose ssh is cut goes on, and hands over later', async () => {
  test.setTimeout(120_000);
  const watching = await measuring('--during', '9s');
  await sleep(500);
  // Longer than ssh waits: the session dies, and the watch is over before the way is back.
  const cut = machines.breakFor('ip daddr 10.9.4.2 tcp dport 22', 11_000);
  await sleep(2_000);
  const made = [await machines.breakFor(probes, 600)];
  await cut;
  const result = await resultOf(watching);
  expectRead(result, made);
  expect(watching.printed.err).toMatch(
    /h4\.example cannot be reached by ssh; it goes on recording/,
  );
  expect(result.cleanup.leftovers).toEqual([]);
  expect(machines.ends()).toEqual([]);
});

test('nothing is left at the ends when the watch is killed', async () => {
  test.setTimeout(60_000);
  const { child } = await measuring();
  expect(machines.ends().length).toBeGreaterThanOrEqual(2);
  spawnSync('pkill', ['-KILL', '-P', String(child.pid)]);
  child.kill('SIGKILL');
  await expect.poll(() => machines.ends(), { timeout: 10_000 }).toEqual([]);
});
