/** The controller with its label, and the BFD that it needs. */

import type { ResolvedController, ResolvedTopology } from '../../model/resolved.js';
import type { Problems } from '../problems.js';
import type { ReadController } from '../schema/controller.js';
import { partsOf, type ReadTopology } from './parts.js';

/** BFD when a controller needs it and the scenario does not set it: detects in 200 to 300 ms. */
export const defaultBfd = { intervalMs: 100, multiplier: 3 } as const;

const floydLabels = {
  none: 'floyd',
  timeout: 'floyd-timeout',
  bfd: 'floyd-bfd',
  groups: 'fast-failover',
} as const;

/** Binds a controller; none is written: no controller. */
export function resolveController(read: ReadController | undefined): ResolvedController {
  if (read === undefined) return { kind: 'none', label: 'none' };
  switch (read.kind) {
    case 'floyd':
      return {
        kind: 'floyd',
        label: floydLabels[read.reaction] + timersIn(read.bfd),
        reaction: read.reaction,
        decisionEveryMs: read.decisionEvery,
        probeIntervalMs: read.probeEvery,
        probeMultiplier: read.probeMultiplier,
        holdMs: read.hold,
        hysteresis: read.hysteresis / 100,
        extraDetectionMs: read.extraDetection,
        instances: read.instances,
        heartbeatIntervalMs: read.heartbeat.intervalMs,
        heartbeatMultiplier: read.heartbeat.multiplier,
      };
    case 'none':
    case 'ovs-testcontroller':
      return { kind: read.kind, label: read.kind };
    case 'osken':
      return {
        kind: 'osken',
        label: 'osken',
        applications: read.applications,
        arguments: read.arguments,
      };
    case 'static-flows':
      return {
        kind: 'static-flows',
        label: 'static-flows',
        argv: read.argv,
        readyWhen: read.readyWhen ?? null,
        readyTimeoutMs: read.readyWithin,
        environment: read.environment,
      };
    case 'command':
      return {
        kind: 'command',
        label: 'command',
        argv: read.argv,
        instances: read.instances,
        readyWhen: read.readyWhen ?? null,
        readyTimeoutMs: read.readyWithin,
        environment: read.environment,
      };
  }
}

/** Timers other than the usual ones belong to the name: two of a comparison may differ in nothing else. */
function timersIn(bfd: ResolvedTopology['bfd'] | undefined): string {
  return !bfd || equal(bfd, defaultBfd) ? '' : `:bfd=${bfd.intervalMs}ms*${bfd.multiplier}`;
}

/**
 * The period with which a controller decides, if that is what recovery waits for. A controller that
 * reacts to a failure is not aligned: its recovery does not depend on the moment.
 */
export function periodOf(controller: ResolvedController): number | null {
  const waits = controller.kind === 'floyd' && controller.reaction === 'none';
  return waits ? controller.decisionEveryMs : null;
}

/** BFD of the tunnels: as written in the topology or in the controller, or as the latter needs. */
export function resolveBfd(
  topology: ReadTopology,
  controller: ReadController | undefined,
  overridden: boolean,
  problems: Problems,
): ResolvedTopology['bfd'] {
  const placed = partsOf(topology, 'bfd');
  const [first, second] = placed;
  if (second !== undefined) problems.add(second.path, `bfd is already set in ${first?.path}`);
  const ofController = controller?.kind === 'floyd' ? controller.bfd : undefined;
  const ofTopology = first && {
    intervalMs: first.part.interval,
    multiplier: first.part.multiplier,
  };
  if (first && ofTopology && ofController && !overridden && !equal(ofTopology, ofController)) {
    problems.add('controller.bfd', `contradicts ${first.path}`, 'set BFD in only one of the two');
  }
  const stated = ofController ?? ofTopology;
  if (stated !== undefined) return stated;
  const needs = controller?.kind === 'floyd' && ['bfd', 'groups'].includes(controller.reaction);
  return needs ? { ...defaultBfd } : null;
}

function equal(a: { intervalMs: number; multiplier: number }, b: typeof a): boolean {
  return a.intervalMs === b.intervalMs && a.multiplier === b.multiplier;
}
