/** Makes a machine ready: looks at it, brings what is missing, and asks what it can do. */
import { spawnSync } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { readBoundedJson } from '../../../bounded-json.js';
import { LabError } from '../../../errors.js';
import { packageRoot } from '../../../package-root.js';
import { guestSite } from '../../../sites/guest.js';
import { cachedKernel } from '../../../sites/guest-kernel.js';
import type { FarTrouble } from '../job.js';
import { packageFiles } from '../package.js';
import { type MachineFacts, machineFacts, type PlaceWanted } from '../place.js';
import { runThere, type SshOptions } from './command.js';
import {
  bringScript,
  farScript,
  kernelScript,
  kernelThereScript,
  leastFreeKib,
  probeScript,
} from './far-commands.js';
import { nodeTrouble, troubleOf } from './trouble.js';

/** Debian packages may have to be installed there. */
const prepareLimitMs = 15 * 60_000;
const bringLimitMs = 5 * 60_000;
const probeLimitMs = 30_000;

export type Prepared = { facts: MachineFacts; brought: boolean } | { trouble: FarTrouble };

export interface Bringing {
  ssh: SshOptions;
  packageName: string;
  wanted: PlaceWanted;
}

/** Never rejects. What is there already, by version and hash, is not brought again. */
export async function makeReady(
  machine: string,
  { ssh, packageName, wanted }: Bringing,
): Promise<Prepared> {
  const probed = await runThere(machine, probeScript(packageName), { ssh, limitMs: probeLimitMs });
  if (probed.exitCode !== 0) {
    return { trouble: troubleOf(machine, probed) };
  }
  const [node = '', freeKib = '', there = ''] = probed.stdout.trim().split('\n');
  const old = nodeTrouble(machine, node);
  if (old) return { trouble: old };
  const brought = there !== 'there';
  if (brought) {
    const full = fullTrouble(machine, Number(freeKib));
    if (full) return { trouble: full };
    const input = packageArchive();
    const options = { ssh, limitMs: bringLimitMs, input };
    const unpacked = await runThere(machine, bringScript(packageName), options);
    if (unpacked.exitCode !== 0) return { trouble: troubleOf(machine, unpacked) };
  }
  const kernel = await bringKernel(machine, { ssh, packageName, wanted });
  if (kernel) return { trouble: kernel };
  const asked = await askThere(machine, { ssh, packageName, wanted });
  return 'trouble' in asked ? asked : { ...asked, brought };
}

function fullTrouble(machine: string, freeKib: number): FarTrouble | null {
  if (!Number.isFinite(freeKib) || freeKib >= leastFreeKib) return null;
  const message = `The disk of ${machine} is full: ${Math.floor(freeKib / 1024)} MiB are free in the cache folder, and ${leastFreeKib / 1024} MiB are needed.`;
  const hint = 'Free some space there, or set XDG_CACHE_HOME to a folder on another disk.';
  return { code: 'DISK_FULL', message, hint };
}

async function askThere(
  machine: string,
  { ssh, packageName, wanted }: Bringing,
): Promise<{ facts: MachineFacts } | { trouble: FarTrouble }> {
  const printed = await runThere(machine, farScript(packageName, 'prepare'), {
    ssh,
    limitMs: prepareLimitMs,
    input: `${JSON.stringify(wanted)}\n`,
  });
  const last = printed.stdout.trim().split('\n').at(-1) ?? '';
  const read = readBoundedJson(last, { characters: 100_000, depth: 8 });
  const value = 'value' in read ? (read.value as { facts?: unknown; trouble?: FarTrouble }) : {};
  if (value.trouble) {
    const { code, message, hint } = value.trouble;
    return { trouble: { code, message: `${machine}: ${message}`, ...(hint ? { hint } : {}) } };
  }
  const facts = machineFacts.safeParse(value.facts);
  if (!facts.success) return { trouble: troubleOf(machine, printed) };
  if (facts.data.package === packageName) return { facts: facts.data };
  return { trouble: otherVersion(machine, facts.data.package, packageName) };
}

/** A machine whose copy of the package is another one than this campaign's. Pure. */
export function otherVersion(machine: string, there: string, here: string): FarTrouble {
  const message = `${machine} has failover-lab ${there}; this campaign has ${here}.`;
  return { code: 'OTHER_VERSION', message, hint: 'Start the same version on both.' };
}

/** The guest's kernel of this machine, where the labs are to be in guests; null: it is there. */
async function bringKernel(machine: string, { ssh, wanted }: Bringing): Promise<FarTrouble | null> {
  const kernel = wanted.sandbox === guestSite ? cachedKernel() : null;
  // Without one here, the machine uses its own, or reports that it has none.
  if (!kernel) return null;
  const folder = basename(dirname(kernel.file));
  const limitMs = bringLimitMs;
  const seen = await runThere(machine, kernelThereScript(folder), { ssh, limitMs: probeLimitMs });
  if (seen.exitCode === 0) return null;
  const input = tarOf(dirname(dirname(kernel.file)), [folder]);
  const brought = await runThere(machine, kernelScript(folder), { ssh, limitMs, input });
  return brought.exitCode === 0 ? null : troubleOf(machine, brought);
}

let archived: Buffer | undefined;

function packageArchive(): Buffer {
  archived ??= tarOf(packageRoot(), packageFiles());
  return archived;
}

/** A compressed tar archive. Throws SANDBOX_FAILED. */
function tarOf(folder: string, paths: readonly string[]): Buffer {
  const args = ['-czf', '-', '-C', folder, '--owner=0', '--group=0', '--null', '-T', '-'];
  const { stdout, status, stderr, error } = spawnSync('tar', args, {
    input: paths.join('\0'),
    maxBuffer: 512 * 1024 * 1024,
  });
  if (status === 0) return stdout;
  const why = error?.message ?? stderr.toString().trim();
  throw new LabError('SANDBOX_FAILED', `tar could not pack ${folder}: ${why}.`);
}
