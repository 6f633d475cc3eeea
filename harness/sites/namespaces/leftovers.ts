/** Counts what a run left on the host, by looking: processes by mark, then mounts and interfaces. */
import { readdirSync, readFileSync } from 'node:fs';
import { markVariable } from '../mark.js';
import type { RunTraces } from '../site.js';

/**
 * Begin to watch for what the run `runId` leaves. Only sees processes whose environment this user
 * may read. Interfaces that are there already are another's.
 */
export function watchTraces(runId: string): RunTraces {
  const interfacesBefore = labInterfaces();
  return {
    processes: () => markedProcesses(runId),
    leftovers: () => [
      ...markedProcesses(runId),
      ...labMounts().map((path) => `mount ${path}`),
      ...labInterfaces()
        .filter((name) => !interfacesBefore.includes(name))
        .map((name) => `interface ${name}`),
    ],
  };
}

/** Processes whose environment carries the run's mark, or, where sudo hides that, their words. */
export function markedProcesses(mark: string): string[] {
  const wanted = `${markVariable}=${mark}`;
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) =>
      ['environ', 'cmdline'].some((file) =>
        readOr(`/proc/${pid}/${file}`).split('\0').includes(wanted),
      ),
    )
    .map((pid) => `process ${pid} (${readOr(`/proc/${pid}/comm`).trim()})`);
}

/** Where sandboxes' mounts show on the host, which they never should. */
export function labMounts(): string[] {
  return readOr('/proc/self/mounts')
    .split('\n')
    .filter((line) => line.startsWith('failover-lab-'))
    .map((line) => line.split(' ')[1] ?? '');
}

/** Interfaces on the host that only a lab makes. In a sandbox they live in its own namespace. */
export function labInterfaces(): string[] {
  // Node's own list leaves out interfaces without an address, and a fabric has none.
  return readOr('/proc/self/net/dev')
    .split('\n')
    .map((line) => line.split(':')[0]?.trim() ?? '')
    .filter((name) => name === 'fabric0' || name === 'control0');
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Gone between listing and reading, or not ours to read.
    return '';
  }
}
