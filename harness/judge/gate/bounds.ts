/** Absolute bounds that need no baseline: what the scenario's own timers promise. Pure. */
import { faultOf } from '../../kinds/fault-tables.js';
import type { Bound } from '../../model/reasons/gate.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import type { GateMetricName } from './readings.js';

/** Switching after BFD has decided, measured at 2-6 ms; the rest is room for a busy machine. */
const switchingMs = 20;
/** Computing and installing paths after a periodic controller has decided to look. */
const computingMs = 2000;
/** From a switch's message through the controller to the last flow-mod. */
const controllerMs = 250;

/**
 * The tightest of the analytic bound and the limits that the scenario's expectations state for the
 * whole run; null when nothing bounds the metric. TCP has no analytic bound of its own: it resumes
 * on retransmission ticks, up to twice the outage later.
 */
export function boundOf(scenario: ResolvedScenario, metric: GateMetricName): Bound | null {
  const analytic = metric === 'networkOutageMs' ? analyticBound(scenario) : null;
  const stated = statedBounds(scenario, metric);
  const bounds = analytic ? [analytic, ...stated] : stated;
  return bounds.reduce<Bound | null>(
    (tightest, bound) => (tightest && tightest.limitMs <= bound.limitMs ? tightest : bound),
    null,
  );
}

/**
 * BFD: m x I (RFC 5880 §6.8.4) plus switching. Polling: period plus the probes that must be missed
 * plus computing. `extraDetectionMs` is left out on purpose: it is a slowness put in to be found.
 * Scenarios whose faults BFD or probes cannot see (degradations) state their own bounds.
 */
function analyticBound(scenario: ResolvedScenario): Bound | null {
  const { controller, topology } = scenario;
  if (controller.kind !== 'floyd' || !everyFaultIsDeath(scenario)) return null;
  const { bfd } = topology;
  const detection = bfd && bfd.multiplier * bfd.intervalMs;
  const { probeMultiplier: multiplier, decisionEveryMs: everyMs } = controller;
  const missed = multiplier * controller.probeIntervalMs;
  switch (controller.reaction) {
    case 'groups':
      if (!bfd || detection === null) return null;
      return sum(detection, { from: 'bfd', ...bfd, allowanceMs: switchingMs });
    case 'bfd':
      if (!bfd || detection === null) return null;
      return sum(detection, { from: 'bfd', ...bfd, allowanceMs: controllerMs });
    case 'timeout':
      return sum(missed, { from: 'probes', multiplier, allowanceMs: computingMs });
    case 'none':
      return sum(everyMs + missed, {
        ...{ from: 'decisions', everyMs, multiplier },
        allowanceMs: computingMs,
      });
  }
}

/** Only faults such as a dead node or a cut cable are seen by BFD and probes within their promise. */
function everyFaultIsDeath(scenario: ResolvedScenario): boolean {
  return scenario.timeline.every(
    ({ action }) => action.kind !== 'inject' || faultOf(action.fault.kind).seenInTime === true,
  );
}

function statedBounds(scenario: ResolvedScenario, metric: GateMetricName): Bound[] {
  return scenario.expectations.flatMap(({ metric: about, of, step, atMost, text }) =>
    about === metric && of === null && step === null && atMost !== null
      ? [{ limitMs: atMost, origin: { from: 'expectation' as const, text } }]
      : [],
  );
}

function sum(timersMs: number, origin: Exclude<Bound['origin'], { from: 'expectation' }>): Bound {
  return { limitMs: timersMs + origin.allowanceMs, origin };
}
