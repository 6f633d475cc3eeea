/**
 * What a far end keeps of the runs it executes trials for, below the user's cache: the process that
 * executes each, and each record until it was collected, so that a lost connection loses no record.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { wallTime } from '../../clock.js';

/** Records that were not collected are removed after a week, in milliseconds. */
const keptMs = 7 * 24 * 3600_000;

const recordEnd = '.record';
const processEnd = '.process';

function farmFolder(): string {
  const { XDG_CACHE_HOME } = process.env;
  const cache = XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : join(homedir(), '.cache');
  return join(cache, 'failover-lab/farm');
}

const boxOf = (runId: string) => join(farmFolder(), runId);

/** Folder for what exists only while a trial is executed. Throws what the system throws. */
export function workFolder(): string {
  const folder = join(farmFolder(), 'work');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Note that this process executes a trial of the run. Throws what the system throws. */
export function noteProcess(runId: string, execution: string): void {
  removeOld();
  mkdirSync(boxOf(runId), { recursive: true });
  writeFileSync(join(boxOf(runId), execution + processEnd), String(process.pid));
}

/** The trial is over; its record, if it has one, is kept. Throws what the system throws. */
export function keepRecord(
  runId: string,
  execution: string,
  record: { key: string; packed: string } | null,
): void {
  if (record) {
    const text = `${record.key} ${record.packed}\n`;
    writeFileSync(join(boxOf(runId), execution + recordEnd), text);
  }
  rmSync(join(boxOf(runId), execution + processEnd), { force: true });
}

/** Ask every process here that executes a trial of the run to end in order; how many were asked. */
export function stopRun(runId: string): number {
  let asked = 0;
  for (const name of namesIn(boxOf(runId)).filter((one) => one.endsWith(processEnd))) {
    const processId = Number(readFileSync(join(boxOf(runId), name), 'utf8'));
    if (!executesTrials(processId)) continue;
    process.kill(processId, 'SIGTERM');
    asked += 1;
  }
  return asked;
}

/** A number may have been given to another process meanwhile. */
function executesTrials(processId: number): boolean {
  try {
    const words = readFileSync(`/proc/${processId}/cmdline`, 'utf8').split('\0');
    return words.includes('far') && words.includes('trial');
  } catch {
    return false;
  }
}

/** `key packed` of each record of the run whose execution is not among `known`; all are removed. */
export function takeRecords(runId: string, known: ReadonlySet<string>): string[] {
  const taken: string[] = [];
  for (const name of namesIn(boxOf(runId)).filter((one) => one.endsWith(recordEnd))) {
    const file = join(boxOf(runId), name);
    if (!known.has(name.slice(0, -recordEnd.length))) taken.push(readFileSync(file, 'utf8').trim());
    rmSync(file, { force: true });
  }
  if (namesIn(boxOf(runId)).length === 0) rmSync(boxOf(runId), { recursive: true, force: true });
  return taken;
}

function removeOld(): void {
  for (const name of namesIn(farmFolder())) {
    const folder = join(farmFolder(), name);
    const age = wallTime().getTime() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (name !== 'work' && age > keptMs) rmSync(folder, { recursive: true, force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
