/** Detects the end of processes that have another parent, by looking. */
import { nowNs } from '../../clock.js';
import type { Emit } from '../../model/history/emit.js';
import type { ProcessId } from '../../model/process-id.js';
import { isAlive } from './process-stat.js';

const everyMs = 300;

export interface WatchedProcess {
  process: ProcessId;
  node: string;
  pid: number;
}

export interface ProcessWatch {
  /** Look now; ends that are seen are on record when it returns. */
  look(): void;
  stop(): void;
}

/**
 * Record the end of each as unasked, once, until stopped. What is not there at the beginning is not
 * watched: the daemons of a host cannot be seen from a lab on it.
 */
export function watchProcesses(candidates: readonly WatchedProcess[], emit: Emit): ProcessWatch {
  const watched = new Set(candidates.filter(({ pid }) => isAlive(pid)));
  const look = () => {
    for (const one of watched) {
      if (isAlive(one.pid)) continue;
      watched.delete(one);
      const { process, node } = one;
      emit({
        ...{ kind: 'process.exit', atNs: nowNs(), process, node },
        ...{ exitCode: null, signal: null, expected: false, lastLines: [] },
      });
    }
  };
  const timer = setInterval(look, everyMs);
  return { look, stop: () => clearInterval(timer) };
}
