/** Starts programs in a node's network namespace, and ends them by a deadline. */
import { execa, type Options } from 'execa';
import { LabError } from '../../errors.js';
import type { TrafficContext } from './context.js';

/** Between SIGTERM and SIGKILL. */
export const killAfterMs = 3_000;

/** Start `argv` in the namespace of `node`. Neither exit code nor signal makes the promise reject. */
export function startIn<O extends Options>(
  context: Pick<TrafficContext, 'enter'>,
  node: string,
  argv: readonly string[],
  options: O,
) {
  const [program = '', ...words] = [...context.enter(node), ...argv];
  return execa(program, words, {
    ...options,
    reject: false,
    buffer: false,
    forceKillAfterDelay: killAfterMs,
  });
}

/** Resolves with true when `promise` settles in time, with false otherwise. */
export async function settlesWithin(promise: PromiseLike<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = Promise.resolve(promise).then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until `condition` holds; throws TRAFFIC_FAILED after `timeoutMs` or with the reason of `signal`. */
export async function waitUntil(
  what: string,
  timeoutMs: number,
  signal: AbortSignal,
  condition: () => boolean,
  failure: () => string | null,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    const failed = failure();
    if (failed !== null) throw new LabError('TRAFFIC_FAILED', `${what} failed: ${failed}`);
    // Who ended the wait says why: a user, or a bridge that died.
    signal.throwIfAborted();
    if (performance.now() > deadline) {
      throw new LabError('TRAFFIC_FAILED', `${what} was not ready within ${timeoutMs / 1000} s.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
