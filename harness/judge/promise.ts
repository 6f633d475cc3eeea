/** How soon a scenario's own timers promise that a failure is seen. Pure. */
import type { ResolvedScenario } from '../model/resolved.js';

/**
 * Milliseconds from a failure to its detection at the latest, as far as the controller's timers
 * state it; null: they state nothing.
 */
export function promisedDetectionMs({ controller, topology }: ResolvedScenario): number | null {
  if (controller.kind !== 'floyd') return null;
  const { reaction, decisionEveryMs, probeIntervalMs, probeMultiplier } = controller;
  if (reaction === 'none') return decisionEveryMs;
  if (reaction === 'timeout') return probeIntervalMs * (probeMultiplier + 1);
  const { bfd } = topology;
  return bfd === null ? null : bfd.intervalMs * bfd.multiplier;
}
