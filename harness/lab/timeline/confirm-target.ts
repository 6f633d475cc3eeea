/**
 * A role such as relayOnPath is bound by tracing the path, which may cost switches packets and is
 * therefore done before the clean window. Right before the fault, counters decide whether that
 * path still carries the traffic, and bind the role to what carries it now when it moved.
 */

import type { EventOf } from '../../model/history/events.js';
import type { TracedPath } from '../../model/network/traced-path.js';
import type { ResolvedScenario, ResolvedTarget } from '../../model/resolved.js';
import type { BoundTarget } from '../faults/fault.js';
import { bindTarget } from '../faults/target.js';
import { Carrying, type CounterWindow, type Movement } from '../observe/carrying.js';

/** How long counters are watched before a fault. */
export const watchMs = 100;

/** A target, and the traced path that a role was bound by; null when no path decides it. */
export interface Prepared {
  target: BoundTarget;
  path: TracedPath | null;
}

export interface Confirmed {
  target: BoundTarget;
  carried: NonNullable<EventOf<'fault.injected'>['carried']>;
  /** The path on which traffic moves now, when it is not the traced one. */
  movedTo: TracedPath | null;
}

/** Bind a role to what carries its traffic now. */
export async function confirmTarget(
  scenario: Pick<ResolvedScenario, 'topology' | 'meters'>,
  role: Extract<ResolvedTarget, { kind: 'relayOnPath' | 'linkOnPath' }>,
  prepared: { target: BoundTarget; path: TracedPath },
  window: CounterWindow,
): Promise<Confirmed> {
  const carrying = new Carrying(scenario, role.from, role.to, window);
  const { overMs } = window;
  const asTraced = (decided: boolean): Confirmed => ({
    target: prepared.target,
    carried: { ...movementOf(prepared.target, carrying), overMs, decided },
    movedTo: null,
  });
  if (carrying.holds(prepared.path)) return asTraced(true);
  const path = carrying.only(role.from, role.to);
  if (path === null) return asTraced(false);
  const target = await bindTarget(scenario.topology, role, async () => path).catch(() => null);
  if (target === null) return asTraced(false);
  const before = prepared.target.names;
  const moved = before.join() !== target.names.join();
  return {
    target,
    carried: {
      ...movementOf(target, carrying),
      overMs,
      decided: true,
      ...(moved ? { boundBefore: before } : {}),
    },
    movedTo: path,
  };
}

function movementOf({ nodes, link }: BoundTarget, carrying: Carrying): Movement {
  if (link) return carrying.ofEdge(link.id);
  const [node = ''] = nodes;
  return carrying.ofNode(node);
}
