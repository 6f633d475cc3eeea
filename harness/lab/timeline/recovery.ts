/** Decides, while a trial runs, when it may go on: not a measurement, only patience. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../../clock.js';
import { nodesWith } from '../../model/node-traits.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import type { Lab } from '../lab.js';
import type { Traffic } from '../planned-traffic.js';
import type { RateWatch } from '../readiness/rate.js';
import { routesUnchanged, sessionsUp } from '../readiness/routing-sessions.js';

const lookEveryMs = 50;

/** How long after a heal the controller may still move traffic, in milliseconds. */
export function settleMs(scenario: ResolvedScenario): number {
  const { controller, periodMs } = scenario;
  const hold = controller.kind === 'floyd' ? controller.holdMs : 0;
  return Math.max(periodMs ?? 0, hold) + 1000;
}

/**
 * After a heal the controller may still move traffic: wait until that is over, before the network
 * is asked whether it is ready for another trial.
 */
export async function awaitSettled(lab: Lab, signal: AbortSignal): Promise<void> {
  if (lab.healedNs === null) return;
  const untilNs = lab.healedNs + settleMs(lab.plan.scenario) * 1e6;
  const waitMs = (untilNs - nowNs()) / 1e6;
  if (waitMs <= 0) return;
  const awaited = { kind: 'settled' } as const;
  lab.journal.emit({ kind: 'waiting', atNs: nowNs(), awaited, untilNs });
  await sleep(waitMs, undefined, { signal });
}

/**
 * After a heal routers form their sessions anew, and only then traffic moves back: wait until every
 * session is up and every route is there, at the latest until `deadlineNs`. At once where nothing
 * routes.
 */
export async function awaitRouted(
  lab: Lab,
  deadlineNs: number,
  signal: AbortSignal,
): Promise<void> {
  if (nodesWith(lab.topology.nodes, 'routes').length === 0) return;
  for (const routed of [sessionsUp(lab), routesUnchanged(lab)]) {
    while (nowNs() < deadlineNs && !(await routed.check()).ok) {
      await sleep(routed.everyMs, undefined, { signal });
    }
  }
}

/** Since when everything that is measured has been good; null = something is not. */
export function goodSinceNs(traffic: Traffic, rates: RateWatch): number | null {
  const since: number[] = [];
  for (const meter of traffic.meters) {
    for (const direction of ['forward', 'reverse'] as const) {
      const clean = meter.cleanSinceNs(direction);
      if (clean === null) return null;
      since.push(clean);
    }
  }
  const rate = rates.goodSinceNs();
  if (rate === null) return null;
  return Math.max(rate, ...since);
}

/**
 * Wait until everything has been good for the sustained window after `fromNs`, at the earliest at
 * `earliestNs`. False at the deadline, or when `stop` says that waiting has lost its point.
 */
export async function awaitSustained(
  traffic: Traffic,
  rates: RateWatch,
  window: { fromNs: number; earliestNs: number; deadlineNs: number; sustainedMs: number },
  stop: () => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  // A sparse meter has seen nothing before some of its probes have come.
  const sparsestNs = Math.max(0, ...traffic.meters.map(({ intervalNs }) => intervalNs));
  const sustainedNs = Math.max(window.sustainedMs * 1e6, 3 * sparsestNs);
  for (;;) {
    const now = nowNs();
    const since = goodSinceNs(traffic, rates);
    const enough = since !== null && now - Math.max(since, window.fromNs) >= sustainedNs;
    if (enough && now >= window.earliestNs) return true;
    if (now >= window.deadlineNs || stop()) return false;
    await sleep(lookEveryMs, undefined, { signal });
  }
}
