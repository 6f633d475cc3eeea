/**
 * The same trial in virtual time under what must not matter to it: processor hogs beside it, another
 * user, another folder of the clone. Each run is the command line in a process of its own, and its
 * record is read back from the disk.
 */
import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { hashOfRecord } from '../api/replay.js';
import { nowNs } from '../clock.js';
import { LabError } from '../errors.js';
import { runResultSchema } from '../model/result.js';
import { packageRoot } from '../package-root.js';
import { kernelVariable } from '../sites/guest.js';
import { startHogs } from './hogs.js';

export interface RepeatOptions {
  scenario: string;
  seed: number;
  /** Busy processes beside the second and third run. */
  hogs: number;
  /** File of the guest's kernel. */
  kernel: string;
  onProgress: (text: string) => void;
  signal: AbortSignal;
}

/** One of the runs. */
export interface RepeatReading {
  /** What was different about it. */
  circumstance: string;
  /** Seconds on the machine's clock, for all of the command. */
  realSeconds: number;
  /** Over everything that happened, see `hashOfRecord`. */
  hash: string;
  /** Of each direction, to the nanosecond; null: it did not end, or was not measured. */
  outagesMs: Array<number | null>;
}

interface Circumstance {
  name: string;
  hogs: boolean;
  /** Words before the program; what they start sees the clone at `clone`. */
  through: string[];
  clone: string;
}

/** No account of a distribution lies here. */
const ordinaryUser = 61_234;
const otherFolder = '/mnt/elsewhere';

/** A mount namespace with the clone at another place, and Node where every user can read it. */
const elsewhere = `
  mount -n -t tmpfs -o mode=755 elsewhere /mnt
  mkdir ${otherFolder}
  mount -n --bind "$1" ${otherFolder}
  shift
  cd /
  exec "$@"`;

function circumstances(): Circumstance[] {
  const root = packageRoot();
  const moved = ['unshare', '--mount', '--', 'sh', '-euc', elsewhere, 'sh', root];
  const id = String(ordinaryUser);
  const user = ['setpriv', '--reuid', id, '--regid', id, '--clear-groups', '--inh-caps=-all'];
  const own = { hogs: false, through: [] as string[], clone: root };
  return [
    { ...own, name: 'alone' },
    { ...own, name: 'beside hogs', hogs: true },
    { ...own, name: 'beside hogs, again', hogs: true },
    { ...own, name: 'as an ordinary user', through: [...moved, ...user], clone: otherFolder },
    { ...own, name: 'from another folder', through: moved, clone: otherFolder },
  ];
}

/** Make the runs, one after the other. Needs root, to become another user. Throws when one gives no result. */
export async function repeatVirtual(options: RepeatOptions): Promise<RepeatReading[]> {
  const folder = mkdtempSync(join(tmpdir(), 'failover-lab-bench-repeat-'));
  chmodSync(folder, 0o755);
  // The cache is its owner's alone.
  const kernel = join(folder, 'linux');
  copyFileSync(options.kernel, kernel);
  const readings: RepeatReading[] = [];
  for (const [place, circumstance] of circumstances().entries()) {
    if (options.signal.aborted) break;
    const out = join(folder, String(place));
    mkdirSync(out);
    chownSync(out, ordinaryUser, ordinaryUser);
    const endHogs = circumstance.hogs ? startHogs(options.hogs) : () => {};
    try {
      readings.push(await takeReading(circumstance, { ...options, kernel, out }));
    } finally {
      endHogs();
    }
    const { name } = circumstance;
    options.onProgress(`${name}: ${readings.at(-1)?.hash.slice(0, 16)}`);
  }
  return readings;
}

async function takeReading(
  { name, through, clone }: Circumstance,
  { scenario, seed, kernel, out, signal }: RepeatOptions & { out: string },
): Promise<RepeatReading> {
  const begun = nowNs();
  const [program = '', ...words] = [
    ...through,
    ...[process.execPath, join(clone, 'harness/setup/start.mjs'), 'run', scenario],
    ...['--clock', 'virtual', '--seed', String(seed), '--out', out, '--json'],
  ];
  const ended = await execa(program, words, {
    env: { HOME: out, [kernelVariable]: kernel },
    reject: false,
    cancelSignal: signal,
  });
  const realSeconds = (nowNs() - begun) / 1e9;
  if (ended.stdout === '') {
    throw new LabError('SANDBOX_FAILED', `The run ${name} gave no result.`, {
      hint: String(ended.stderr).slice(-2000),
    });
  }
  const [trial] = runResultSchema.parse(JSON.parse(ended.stdout)).trials;
  const { forward, reverse } = trial?.network ?? {};
  const outagesMs = [forward, reverse].map((direction) => direction?.outageMs ?? null);
  const hash = await hashOfRecord(join(out, scenario, 'latest'));
  return { circumstance: name, realSeconds, hash, outagesMs };
}
