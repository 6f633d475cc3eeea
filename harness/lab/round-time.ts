/** Waits for a round moment of the lab's clock, to some microseconds: for virtual time alone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../clock.js';

/** More than Node.js is late or early with a timer. */
const preciseMs = 2;
/** The kernel wakes a program no earlier than asked. */
const earlierMs = 0.01;

/**
 * Until the next multiple of `multipleMs`; undefined: not at all. The last moments are slept through
 * in one call: reading the clock again and again would keep the guest's one processor from others.
 */
export async function awaitRoundTime(
  multipleMs: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (multipleMs === undefined) return;
  const stepNs = multipleMs * 1e6;
  const atNs = Math.ceil(nowNs() / stepNs) * stepNs;
  const leftMs = () => (atNs - nowNs()) / 1e6;
  await sleep(Math.max(0, Math.floor(leftMs()) - preciseMs), undefined, { signal });
  const word = new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(word, 0, 0, Math.max(0, leftMs() - earlierMs));
}
