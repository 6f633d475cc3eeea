/**
 * Ends a guest that computes without end while its clock stands still: a program in it waits in a
 * loop for something that needs time. Counted in processor time, so that a busy machine, which only
 * makes a guest slow, is not taken for it.
 */
import { processorSeconds } from './processor-time.js';

/** Far more than a second in the guest costs (1 to 10 s of processor time). */
export const spinLimitSeconds = 240;

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
