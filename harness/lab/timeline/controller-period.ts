/** The controller's period, from its own log: when it decided, and when it will again. */
import type { Journal } from '../journal.js';

export interface Ticks {
  /** The latest decision, or null when the controller logs none. */
  lastNs(): number | null;
}

export function followTicks(journal: Journal): Ticks {
  let lastNs: number | null = null;
  journal.listen((event) => {
    if (event.kind === 'controller.log' && event.event === 'decision') lastNs = event.atNs;
  });
  return { lastNs: () => lastNs };
}

/**
 * The first moment at or after `earliestNs` that lies `offsetMs` after a tick of a clock with
 * period `periodMs` and one known tick `tickNs`. Pure.
 */
export function nextInPhase(
  earliestNs: number,
  tickNs: number,
  periodMs: number,
  offsetMs: number,
): number {
  const periodNs = periodMs * 1e6;
  const first = tickNs + offsetMs * 1e6;
  const periods = Math.ceil((earliestNs - first) / periodNs);
  return first + periods * periodNs;
}
