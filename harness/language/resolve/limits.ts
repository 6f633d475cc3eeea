/** The limits of a trial: what was stated, and how long the whole may take. */

import { seenUntilMs } from '../../model/flow-resolution.js';
import type { ResolvedController, ResolvedFlow, ResolvedScenario } from '../../model/resolved.js';
import type { ReadLimits } from '../schema/expectation.js';
import { periodOf } from './controller.js';
import type { PlannedStep } from './timeline.js';

/** What a run does beside waiting: faults and their proof, asking every switch for paths. */
const workMs = 5_000;
const workOfStepMs = 2_000;

/**
 * Room for every step, its wait for a phase, its recovery and the sustained window, and for every
 * flow. A derived duration cuts nothing off that goes as planned.
 */
export function bindLimits(
  limits: ReadLimits,
  steps: readonly PlannedStep[],
  flows: readonly ResolvedFlow[],
  controller: ResolvedController,
): ResolvedScenario['limits'] {
  const holdMs = controller.kind === 'floyd' ? controller.holdMs : 0;
  const returnsMs = Math.max(periodOf(controller) ?? 0, holdMs);
  const settlingMs = limits.recoverWithin + limits.sustainedFor + returnsMs;
  const room = workMs + workOfStepMs * steps.length;
  const ends = [
    ...steps.map(({ latestMs }) => latestMs + settlingMs + room),
    ...flows.map((flow) => seenUntilMs(flow, limits.sustainedFor) + workMs),
  ];
  return {
    readyTimeoutMs: limits.readyWithin,
    cleanMs: limits.cleanFor,
    recoveryDeadlineMs: limits.recoverWithin,
    sustainedMs: limits.sustainedFor,
    durationMs: limits.duration ?? Math.max(10_000, ...ends),
  };
}
