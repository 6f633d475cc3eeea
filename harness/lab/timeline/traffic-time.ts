/** The traffic part of a trial: the timeline and the flows side by side, until both are done. */
import { setTimeout as sleep } from 'node:timers/promises';
import { abortable } from '../../abortable.js';
import { nowNs } from '../../clock.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import type { Journal } from '../journal.js';

/** What goes on while traffic runs; each settles soon after `over` is aborted. */
interface TrafficParts {
  timeline: Promise<void>;
  flows: Promise<void>;
}

/**
 * Wait until every step has been taken and every flow seen, `limits.duration` after `startNs` at
 * the latest. Without a timeline traffic runs for just that long. What the limit cuts off is said
 * in the history and ended by `over`. Rejects with the reason of `signal`, or of what failed.
 */
export async function awaitTrafficTime(
  { timeline, flows }: TrafficParts,
  scenario: ResolvedScenario,
  startNs: number,
  journal: Journal,
  over: AbortController,
  signal: AbortSignal,
): Promise<void> {
  let settle = () => {};
  const stopped = abortable<void>(signal, (resolve) => {
    settle = resolve;
  });
  const { durationMs } = scenario.limits;
  const leftMs = durationMs - (nowNs() - startNs) / 1e6;
  const limit = AbortSignal.any([signal, over.signal]);
  const bound = sleep(Math.max(0, leftMs), 'cut off' as const, { signal: limit });
  const done = Promise.all([timeline, flows]).then(() => 'done' as const);
  for (const promise of [stopped, bound, done]) promise.catch(() => {});
  try {
    if (scenario.timeline.length === 0) {
      await Promise.race([stopped, bound]);
      return;
    }
    if ((await Promise.race([stopped, done, bound])) === 'done') return;
  } finally {
    settle();
  }
  journal.warn({ code: 'traffic-cut-off', data: { afterMs: durationMs } });
  over.abort();
  // A fault that is just being injected is still written down, so that it can be healed.
  await Promise.allSettled([timeline, flows]);
}
