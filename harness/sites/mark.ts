/**
 * How the processes of a lab are recognised: by their run, and by its owner. The owner is the
 * supervisor, named by the moment at which it started. Unlike its process id, that moment reads the
 * same from every PID namespace and is not given to another process soon.
 */
import { readFileSync } from 'node:fs';

/** The variable that marks every process of a run, so that leftovers can be found by looking. */
export const markVariable = 'FAILOVER_LAB_RUN';

/** The variable that carries the owner of a lab's processes, beside the run's mark. */
export const ownerVariable = 'FAILOVER_LAB_OWNER';

/** Start of a process in clock ticks since boot, field 22 of proc(5) stat; null when it is gone. */
export function startOf(pid: number | 'self'): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks and brackets itself; the state after it is field 3.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
