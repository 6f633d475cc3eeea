/** The guest of virtual time: its command line, its kernel, and what ends it. */
import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import {
  changedInputs,
  firstDifference,
  recordHash,
  trialDifference,
} from '../../harness/campaign/same-record.js';
import { hostMachine } from '../../harness/doctor/host-machine.js';
import type { Machine } from '../../harness/doctor/machine.js';
import { fingerprintDifferences, parseBaseline } from '../../harness/judge/gate/baseline.js';
import type { Environment, HistoryEvent } from '../../harness/model/history/events.js';
import { packageRoot } from '../../harness/package-root.js';
import { kernelVariable } from '../../harness/sites/guest.js';
import { checkPtrace } from '../../harness/sites/vm/checks.js';
import { guestCommand } from '../../harness/sites/vm/command.js';
import { followLines } from '../../harness/sites/vm/growing-file.js';
import { buildKernel } from '../../harness/sites/vm/kernel/build.js';
import { locateKernel } from '../../harness/sites/vm/kernel/locate.js';
import { recipeHash } from '../../harness/sites/vm/kernel/recipe.js';
import { holdProcessor, processorsIn } from '../../harness/sites/vm/processor.js';
import { processorSeconds } from '../../harness/sites/vm/processor-time.js';
import { watchSpinning } from '../../harness/sites/vm/spinning.js';
import { failoverLab } from '../lab/program.js';

const machine = hostMachine(15_000);

test.describe.configure({ mode: 'serial' });

test('the words that the guest gets hold no path of the host and no mark of the run', () => {
  const { argv, environment } = guestCommand({
    kernel: '/home/anna/cache/linux',
    seed: 7,
    memoryMiB: 2048,
    memoryFolder: '/dev/shm',
    logs: 'trial-0',
    processor: 3,
    runner: ['/usr/bin/node', '/lab/program/main.js'],
    mark: 'a-run',
    owner: '12345',
  });
  const place = argv.indexOf('/home/anna/cache/linux');
  const words = argv.slice(place + 1);
  expect(argv.slice(0, place)).toEqual([
    ...['setpriv', '--pdeathsig', 'KILL', '--', 'taskset', '--cpu-list', '3'],
    ...['setarch', '--addr-no-randomize'],
  ]);
  expect(words).toContain('random-seed=7');
  expect(words.join(' ')).not.toMatch(/home|a-run|12345|shm/);
  expect(environment).toMatchObject({ FAILOVER_LAB_RUN: 'a-run', TMPDIR: '/dev/shm' });
});

test('a guest goes where the fewest guests are, of this program or of another', () => {
  const status = 'Name:\tnode\nCpus_allowed_list:\t0-2,7\nMems_allowed_list:\t0\n';
  expect(processorsIn(status)).toEqual([0, 1, 2, 7]);
  const three = Array.from({ length: 3 }, () => holdProcessor(status, [1]));
  expect(three.map(({ processor }) => processor).sort()).toEqual([0, 2, 7]);
  // Whichever ends first makes room for the next, whosever turn it is.
  for (const { processor, release } of three) {
    release();
    expect(holdProcessor(status, [1]).processor).toBe(processor);
  }
  expect(holdProcessor('').processor).toBeNull();
});

test('a kernel that is none is refused by its name, and so is a missing one', async () => {
  const folder = test.info().outputPath('kernels');
  mkdirSync(folder);
  const script = `${folder}/not-a-kernel`;
  writeFileSync(script, '#!/bin/sh\necho 6.1.0\n');
  const refusedBy = async (file: string) => {
    process.env[kernelVariable] = file;
    const found = await locateKernel(machine);
    delete process.env[kernelVariable];
    return 'refused' in found ? `${found.refused} ${found.hint}` : found.name;
  };
  expect(await refusedBy(script)).toContain(`${script} is not a program`);
  chmodSync(script, 0o755);
  expect(await refusedBy(script)).toContain('lacks time-travel=inf-cpu or random-seed=');
  expect(await refusedBy(`${folder}/nothing`)).toContain(`${folder}/nothing is not a program`);
  expect(await refusedBy(folder)).toContain('is not a program');
});

test('without a kernel, virtual time is refused with the command that builds one', () => {
  const cache = test.info().outputPath('empty');
  const env = { ...process.env, XDG_CACHE_HOME: cache, [kernelVariable]: '' };
  const asked = ['run', 'relay-failover-fast', '--clock', 'virtual'];
  const done = failoverLab(asked, { env });
  expect(done.status, done.stderr).toBe(69);
  expect(done.stderr).toContain('failover-lab kernel build');
  expect(failoverLab(['kernel', 'path'], { env }).status).toBe(69);
  const removed = failoverLab(['kernel', 'remove'], { env });
  expect(removed.status, removed.stderr).toBe(0);
  expect(removed.stderr).toContain('nothing to remove');
});

test('options that contradict the virtual clock are refused, each by its name', () => {
  const refused = (...words: string[]) => {
    const done = failoverLab(['run', 'relay-failover-fast', ...words]);
    expect(done.status, done.stderr).toBe(64);
    return done.stderr;
  };
  expect(refused('--clock', 'virtual', '--sandbox', 'root')).toContain('--sandbox root');
  expect(refused('--clock', 'real', '--sandbox', 'vm')).toContain('--clock real');
  expect(refused('--kernel', 'linux')).toContain('--kernel');
  expect(refused('--clock', 'virtual', '--reuse')).toContain('--reuse');
  expect(refused('--clock', 'wall')).toContain('real, virtual');
  const driven = failoverLab(['drive', 'relay-failover-fast', '--clock', 'virtual']);
  expect(driven.status, driven.stderr).toBe(64);
  expect(driven.stdout + driven.stderr).toContain('drive waits for commands');
});

test('a kernel source that is missing, or no archive, is an error that names it', async () => {
  const options = { machine, onProgress: () => {}, signal: new AbortController().signal };
  const nowhere = buildKernel({ ...options, source: '/nowhere/linux.tar.xz' });
  await expect(nowhere).rejects.toThrow('There is no kernel source /nowhere/linux.tar.xz');
  const file = test.info().outputPath('linux.tar.xz');
  writeFileSync(file, 'not an archive');
  await expect(buildKernel({ ...options, source: file })).rejects.toThrow('tar --extract');
});

test('the recipe states each option once, and changes its hash with its files', () => {
  const config = readFileSync(`${packageRoot()}/harness/sites/vm/kernel/guest.config`, 'utf8');
  const names = config.match(/^CONFIG_\w+/gm) ?? [];
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(80);
  expect(recipeHash()).toMatch(/^[0-9a-f]{12}$/);
});

test('lines of a growing file arrive once, whole and in order, and the last without its end', async () => {
  const file = test.info().outputPath('events');
  writeFileSync(file, 'one\ntw');
  const lines: string[] = [];
  const end = followLines(file, {
    charactersMax: 20,
    onLine: (line) => lines.push(line),
    onTooLong: () => lines.push('(too long)'),
    cutOffEnd: 'read',
  });
  appendFileSync(file, 'o\nµ');
  await expect.poll(() => lines).toEqual(['one', 'two']);
  appendFileSync(file, `s\n${'x'.repeat(30)}\nrest`);
  end();
  expect(lines).toEqual(['one', 'two', 'µs', '(too long)', 'rest']);
});

test('processor time is counted over a process and its children, and a spinning one is ended', async () => {
  const child = spawn('sh', ['-c', 'sh -c "while :; do :; done"; true']);
  const pid = child.pid ?? 0;
  try {
    await expect.poll(() => processorSeconds(pid), { timeout: 20_000 }).toBeGreaterThan(0.2);
    const spun = new Promise<void>((resolve) => {
      watchSpinning(pid, resolve, { limitSeconds: 0.2, lookEveryMs: 50 });
    });
    await spun;
    let moved = 0;
    const watch = watchSpinning(pid, () => (moved = -1), { limitSeconds: 5, lookEveryMs: 50 });
    for (; moved >= 0 && moved < 10; moved += 1) {
      watch.moved();
      await sleep(20);
    }
    watch.end();
    expect(moved).toBe(10);
  } finally {
    spawnSync('pkill', ['-KILL', '-P', `${pid}`]);
    child.kill('SIGKILL');
  }
});

test('the doctor names what keeps guests from running', async () => {
  const strict: Machine = { ...machine, read: () => '3\n' };
  expect(await checkPtrace(strict)).toMatchObject({ ok: 'warning', id: 'guest-ptrace' });
  const refusing: Machine = {
    ...machine,
    read: () => null,
    run: async () => ({ outcome: 'ended', exitCode: 1, stdout: '', stderr: '' }),
  };
  const finding = await checkPtrace(refusing);
  expect(finding.sentence).toContain('personality(2)');
});

test('figures of two clocks are never compared', () => {
  const real = { kernel: '6.1', ovs: '3.1.0', datapath: 'kernel' as const, cores: 1 };
  expect(fingerprintDifferences(real, { ...real, clock: 'virtual' })).toEqual([
    'clock real → virtual',
  ]);
});

test('two trials of one plan are the same, whatever their numbers and those of their labs', () => {
  const trialOf = (trial: number, mnCleanMs: number) =>
    [
      { kind: 'phase', atNs: trial, trial, phase: 'sandbox' },
      { kind: 'phase', atNs: 5, trial, attempt: trial, phase: 'ready' },
      { kind: 'cleanup', atNs: 6, trial, lab: trial, labAttempt: trial, mnCleanMs },
    ] as unknown as HistoryEvent[];
  expect(trialDifference(trialOf(29, 2), trialOf(32, 2))).toBeNull();
  expect(trialDifference(trialOf(29, 2), trialOf(32, 3))).toMatchObject({ trial: 0, place: 2 });
});

test('a replay finds the first event that differs, whatever the order of trials side by side', () => {
  const event = (trial: number, atNs: number) =>
    ({ kind: 'phase', atNs, trial, phase: 'ready' }) as HistoryEvent;
  const opening = (trial: number, atNs: number) =>
    ({ ...event(trial, atNs), phase: 'sandbox' }) as HistoryEvent;
  expect(
    firstDifference([opening(0, 0), opening(1, 7)], [opening(0, 0), opening(1, 9)]),
  ).toBeNull();
  const before = [event(0, 5), event(1, 5), event(0, 6), event(1, 6)];
  expect(firstDifference(before, [event(1, 5), event(1, 6), event(0, 5), event(0, 6)])).toBeNull();
  const later = [event(0, 5), event(0, 6), event(1, 5), event(1, 7)];
  expect(firstDifference(before, later)).toEqual({
    ...{ trial: 1, place: 1 },
    ...{ before: JSON.stringify(event(1, 6)), now: JSON.stringify(event(1, 7)) },
  });
  expect(firstDifference(before, before.slice(0, 3))).toMatchObject({ trial: 1, now: null });
  expect(firstDifference(before.slice(0, 3), before)).toMatchObject({ trial: 1, before: null });
  const reordered = [event(1, 5), event(1, 6), event(0, 5), event(0, 6)];
  expect(recordHash(reordered)).toBe(recordHash(before));
  expect(recordHash(later)).not.toBe(recordHash(before));
  expect(recordHash(before.slice(0, 3))).not.toBe(recordHash(before));
});

test('committed baselines of virtual time are of the kernel that this version builds', () => {
  const scenarios = join(packageRoot(), 'scenarios');
  const files = readdirSync(scenarios).filter((name) => name.endsWith('.virtual.baseline.json'));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const { environment } = parseBaseline(readFileSync(join(scenarios, file), 'utf8'), file);
    expect(environment.kernel, `${file}: gate --clock virtual --update`).toContain(recipeHash());
  }
});

test('a replay names the inputs that changed, with both values', () => {
  const environment = { kernel: '6.1.1', ovs: '3.1.0', commit: null } as unknown as Environment;
  const now = { ...environment, kernel: '6.1.2', network: 'own' } as unknown as Environment;
  expect(changedInputs(environment, environment)).toEqual([]);
  expect(changedInputs(environment, now)).toEqual(['kernel 6.1.1 → 6.1.2', 'network none → own']);
});

test('a record of real time is not replayed', () => {
  const done = failoverLab(['replay', 'test/fixtures/histories/fails-again.ndjson']);
  expect(done.status, done.stderr).toBe(64);
});
