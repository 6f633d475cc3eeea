/** Where a trial's wall time went: traffic, waiting for the controller, everything else. */
import type { TrialResult } from '../model/result.js';
import { eventsOf, type TrialRecord } from './trial-record.js';
import { largestOf, roundMs, spanMs } from './units.js';

/**
 * `trafficMs` is the traffic phase; `controllerWaitMs` the wait for readiness, which is the
 * controller's discovery and first decision; `overheadMs` all the rest. `parts` has each phase.
 */
export function timingOf(trial: TrialRecord): TrialResult['timing'] {
  // The head and the end of a run carry the number of its first trial and belong to none.
  const own = trial.events.filter((event) => !['run.header', 'run.end'].includes(event.kind));
  const startNs = own.reduce((first, event) => Math.min(first, event.atNs), Infinity);
  const phases = eventsOf(trial.events, 'phase');
  // A lab that is kept for the next trial goes on telling what happens after this one's end.
  const last = trial.end ? [trial.end, ...phases] : own;
  const endNs = largestOf(last.map((event) => event.atNs));
  const parts: Record<string, number> = {};
  for (const [index, event] of phases.entries()) {
    const untilNs = phases[index + 1]?.atNs ?? endNs;
    const spent = (parts[event.phase] ?? 0) + spanMs(Math.max(0, untilNs - event.atNs));
    parts[event.phase] = roundMs(spent);
  }
  const totalMs = spanMs(endNs - startNs);
  const trafficMs = parts.traffic ?? 0;
  const controllerWaitMs = parts.ready ?? 0;
  const overheadMs = roundMs(Math.max(0, totalMs - trafficMs - controllerWaitMs));
  return { totalMs, trafficMs, controllerWaitMs, overheadMs, parts };
}
