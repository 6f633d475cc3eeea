/**
 * Ends a guest that computes and computes while its clock stands still: a program in it waits in a
 * loop for something that needs time. Counted in processor time, so that a busy machine, which only
 * makes a guest slow, is not taken for it.
 */
import { readFileSync } from 'node:fs';

/** Far more than a second in the guest costs (1 to 10 s of processor time). */
export const spinLimitSeconds = 240;

/** Linux counts processor time for user space in hundredths of a second. */
const ticksPerSecond = 100;

export interface SpinWatch {
  /** The guest's clock moves: it was heard. */
  moved(): void;
  end(): void;
}

/** Call `onSpin` once when the guest `pid` computed for `limitSeconds` without a `moved`. */
export function watchSpinning(
  pid: number,
  onSpin: () => void,
  { limitSeconds, lookEveryMs } = { limitSeconds: spinLimitSeconds, lookEveryMs: 5_000 },
): SpinWatch {
  let movedAt = processorSeconds(pid);
  const timer = setInterval(() => {
    if (processorSeconds(pid) - movedAt <= limitSeconds) return;
    clearInterval(timer);
    onSpin();
  }, lookEveryMs);
  timer.unref();
  return {
    moved: () => {
      movedAt = processorSeconds(pid);
    },
    end: () => clearInterval(timer),
  };
}

/** Of a process, its children that ended, and those that run. */
export function processorSeconds(pid: number): number {
  const own = ticksOf(pid, 4);
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  const theirs = children.reduce((sum, child) => sum + ticksOf(Number(child), 2), 0);
  return (own + theirs) / ticksPerSecond;
}

/** The first `fields` of utime, stime, cutime and cstime in proc(5) stat. */
function ticksOf(pid: number, fields: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return words.slice(11, 11 + fields).reduce((sum, word) => sum + Number(word), 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has just ended.
    return '';
  }
}
