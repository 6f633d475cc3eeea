/**
 * Undo in reverse. The undo is registered before the do, has its own clock, ignores the run's
 * abort signal, and its errors join the root cause instead of replacing it.
 */
import { LabError, messageOf } from '../errors.js';

interface Step {
  label: string;
  undo: () => Promise<void> | void;
}

export interface CleanupFailure {
  label: string;
  message: string;
}

export class CleanupStack {
  readonly #steps: Step[] = [];
  readonly #stepTimeoutMs: number;

  /** @param stepTimeoutMs limit of each step; large networks take longer to stop. */
  constructor(stepTimeoutMs = 10_000) {
    this.#stepTimeoutMs = stepTimeoutMs;
  }

  /** Register an undo. It runs once, in reverse order of registration. */
  defer(label: string, undo: () => Promise<void> | void): void {
    this.#steps.push({ label, undo });
  }

  /** How many undos wait; `run` can stop there. */
  get size(): number {
    return this.#steps.length;
  }

  /** Run every undo above the lowest `kept`; never throws. Returns what went wrong. */
  async run(kept = 0): Promise<CleanupFailure[]> {
    const failures: CleanupFailure[] = [];
    while (this.#steps.length > kept) {
      const step = this.#steps.pop();
      if (!step) break;
      try {
        await withTimeout(Promise.resolve(step.undo()), this.#stepTimeoutMs, step.label);
      } catch (thrown) {
        failures.push({ label: step.label, message: messageOf(thrown) });
      }
    }
    return failures;
  }
}

/** Reject with TIMED_OUT naming `label` when `work` takes longer than `timeoutMs`. */
export async function withTimeout<T>(
  work: Promise<T>,
  timeoutMs: number,
  label: string,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new LabError('TIMED_OUT', `${label} did not end within ${timeoutMs} ms.`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
