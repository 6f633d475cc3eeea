/** Counts what a run left on the host, by looking: processes by mark, then mounts and interfaces. */
import { readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { markVariable } from './command.js';

/**
 * Names everything of the run `mark` that still exists, in words; empty = nothing. Only sees
 * processes whose environment this user may read.
 */
export function findLeftovers(mark: string): string[] {
  return [...markedProcesses(mark), ...labMounts(), ...labInterfaces()];
}

/** Processes whose environment carries the run's mark. */
export function markedProcesses(mark: string): string[] {
  const wanted = `${markVariable}=${mark}`;
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) => readOr(`/proc/${pid}/environ`).split('\0').includes(wanted))
    .map((pid) => `process ${pid} (${readOr(`/proc/${pid}/comm`).trim()})`);
}

function labMounts(): string[] {
  return readOr('/proc/self/mounts')
    .split('\n')
    .filter((line) => line.startsWith('failover-lab-'))
    .map((line) => `mount ${line.split(' ')[1]}`);
}

/** Interfaces on the host that only a lab makes. In a sandbox they live in its own namespace. */
function labInterfaces(): string[] {
  return Object.keys(networkInterfaces())
    .filter((name) => name === 'fabric0' || name === 'control0')
    .map((name) => `interface ${name}`);
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Gone between listing and reading, or not ours to read.
    return '';
  }
}
