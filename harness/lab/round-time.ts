/** Waits for a round moment of the lab's clock, to the microsecond: for virtual time alone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../clock.js';

/** More than Node.js is late or early with a timer. */
const spinMs = 2;

/**
 * Until the next multiple of `multipleMs`; undefined: not at all. The last moments are waited for by
 * reading the clock, which moves the clock of a guest.
 */
export async function awaitRoundTime(
  multipleMs: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (multipleMs === undefined) return;
  const stepNs = multipleMs * 1e6;
  const atNs = Math.ceil(nowNs() / stepNs) * stepNs;
  const leftMs = Math.floor((atNs - nowNs()) / 1e6);
  await sleep(Math.max(0, leftMs - spinMs), undefined, { signal });
  for (let now = nowNs(); now < atNs; now = nowNs());
}
