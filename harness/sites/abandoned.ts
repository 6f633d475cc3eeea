/**
 * What is left of labs on this host whatever run made it, and its removal. Ours is what proves it:
 * a mark in the environment, the name of a mount, the name of a temporary folder. What only looks
 * like ours, or may still be in use, is listed and kept.
 */
import { lstatSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { nowNs, wallTime } from '../clock.js';
import { type HostObject, hostObjects, isHostHeld, removeHostObjects } from './host/objects.js';
import { markVariable, ownerVariable, startOf } from './mark.js';
import { labInterfaces, labMounts } from './namespaces/leftovers.js';

export interface AbandonedObject {
  kind: 'process' | 'namespace' | 'mount' | 'folder' | 'run' | HostObject['kind'];
  /** Process id, path, name or run. */
  name: string;
  /** What it is, or why it is kept, for people. */
  words: string;
}

export interface Abandoned {
  /** Provably ours, and no longer in use. */
  removable: AbandonedObject[];
  kept: AbandonedObject[];
}

interface LabProcess {
  pid: number;
  start: string;
  run: string;
  owner: string | undefined;
  command: string;
  network: string;
}

/** What benches and tests make with mkdtemp(3): a known word and six characters. */
const temporaryFolder = /^failover-lab-(bench|test|project|packed)-[A-Za-z0-9]{6}$/;
/** A folder that was touched since may belong to a program that has not said so anywhere. */
const restMs = 3_600_000;
const goneWithinMs = 2_000;
const unmountLimitMs = 5_000;

/** Look at the host; changes nothing. */
export function findAbandoned(): Abandoned {
  const { labs, alive } = processTable();
  const orphans = labs.filter(({ owner }) => owner !== undefined && !alive.has(owner));
  const held = labs.filter((one) => !orphans.includes(one));
  const folders = temporaryFolders();
  const foldersKept = folders.filter((folder) => whyInUse(folder) !== null);
  const objects = hostObjects();
  const hostHeld = isHostHeld();
  return {
    removable: [
      ...orphans.map(describeProcess),
      ...namespacesOf(orphans, held),
      ...labMounts().map((path) => ({ kind: 'mount' as const, name: path, words: 'of a sandbox' })),
      ...folders
        .filter((folder) => !foldersKept.includes(folder))
        .map((name) => ({ kind: 'folder' as const, name, words: 'of a bench or a test' })),
      ...(hostHeld ? [] : objects.map((one) => ({ ...one, words: 'of a lab on the host itself' }))),
    ],
    kept: [
      ...runsOf(held),
      ...(hostHeld
        ? objects.map((one) => ({ ...one, words: 'of a running lab on the host' }))
        : []),
      ...foldersKept.map((name) => ({
        kind: 'folder' as const,
        name,
        words: whyInUse(name) ?? '',
      })),
      ...labInterfaces().map((name) => ({
        kind: 'interface' as const,
        name,
        words: `has a name that labs use only in their own namespaces; to remove it: ip link del ${name}`,
      })),
    ],
  };
}

/** Remove what `findAbandoned` found, look again, and return what is still there. */
export async function removeAbandoned({ removable }: Abandoned): Promise<AbandonedObject[]> {
  // Looked up anew: between a listing and an answer a process id may have changed hands.
  const orphans = findAbandoned().removable.filter(({ kind }) => kind === 'process');
  for (const { kind, name } of removable) {
    if (kind === 'process' && orphans.some((one) => one.name === name)) killQuietly(Number(name));
    if (kind === 'mount') await unmount(name);
    if (kind === 'folder') removeFolder(name);
  }
  removeHostObjects(removable.filter(isHostObject));
  const names = new Set(removable.map(({ kind, name }) => `${kind} ${name}`));
  const deadlineNs = nowNs() + goneWithinMs * 1e6;
  for (;;) {
    const left = findAbandoned().removable.filter(({ kind, name }) => names.has(`${kind} ${name}`));
    if (left.length === 0 || nowNs() > deadlineNs) return left;
    await sleep(50);
  }
}

function isHostObject(one: AbandonedObject): one is AbandonedObject & HostObject {
  return one.kind === 'bridge' || one.kind === 'interface' || one.kind === 'filter';
}

/** Marked processes, and the moments at which all others started: their possible owners. */
function processTable(): { labs: LabProcess[]; alive: Set<string> } {
  const labs: LabProcess[] = [];
  const alive = new Set<string>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const pid = Number(entry);
    const start = startOf(pid);
    if (start === null) continue;
    const environment = readOr(`/proc/${pid}/environ`).split('\0');
    const variable = (name: string) =>
      environment.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
    const run = variable(markVariable);
    if (run === undefined) alive.add(start);
    else {
      const command = readOr(`/proc/${pid}/comm`).trim();
      const network = linkOr(`/proc/${pid}/ns/net`);
      labs.push({ pid, start, run, owner: variable(ownerVariable), command, network });
    }
  }
  return { labs, alive };
}

function describeProcess({ pid, command, run }: LabProcess): AbandonedObject {
  return { kind: 'process', name: String(pid), words: `${command}, of run ${run}` };
}

/** Processes that are kept, a line for each run. */
function runsOf(held: LabProcess[]): AbandonedObject[] {
  return [...new Set(held.map(({ run }) => run))].map((name) => {
    const own = held.filter(({ run }) => run === name);
    const known = own.some(({ owner }) => owner !== undefined);
    const why = known ? 'is going on' : 'has no known owner';
    return { kind: 'run', name, words: `${why}; processes: ${own.length}` };
  });
}

/** Network namespaces that orphans alone hold: they go with them, and their interfaces too. */
function namespacesOf(orphans: LabProcess[], held: LabProcess[]): AbandonedObject[] {
  const others = new Set([linkOr('/proc/self/ns/net'), ...held.map(({ network }) => network), '']);
  const names = new Set(orphans.map(({ network }) => network).filter((name) => !others.has(name)));
  return [...names].map((name) => ({
    kind: 'namespace',
    name,
    words: 'with its interfaces; disappears with its last process',
  }));
}

function temporaryFolders(): string[] {
  const parent = tmpdir();
  return readdirSync(parent)
    .filter((name) => temporaryFolder.test(name))
    .map((name) => join(parent, name))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
}

/** Why a folder may still be in use, or null. */
function whyInUse(folder: string): string | null {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const own = process.getuid?.();
  if (!found) return null;
  if (own !== 0 && found.uid !== own) return 'of another user';
  if (wallTime().getTime() - found.mtimeMs < restMs) return 'changed within the last hour';
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const mentioned = `${readOr(`/proc/${pid}/cmdline`)}\0${linkOr(`/proc/${pid}/cwd`)}`;
    if (mentioned.includes(folder)) return `in use by process ${pid}`;
  }
  return null;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone with another one, or not ours to kill: the second look tells.
  }
}

async function unmount(path: string): Promise<void> {
  // Without --no-mtab, umount would make a folder of its own in /run.
  await execa('umount', ['--no-mtab', '--lazy', path], {
    reject: false,
    stdin: 'ignore',
    timeout: unmountLimitMs,
    killSignal: 'SIGKILL',
  });
}

function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Not ours to remove after all: the second look tells.
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function linkOr(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
