/** Binds what a scenario says about a target to names of the live network. */

import { LabError } from '../../errors.js';
import type { TracedPath } from '../../model/network/traced-path.js';
import { nodesWith } from '../../model/node-traits.js';
import type {
  ResolvedFault,
  ResolvedLink,
  ResolvedTarget,
  ResolvedTopology,
  ResolvedTunnel,
} from '../../model/resolved.js';
import type { BoundTarget } from './fault.js';

/** How a role asks the network which way traffic goes now. */
export type PathFinder = (from: string, to: string) => Promise<TracedPath>;

/** Bind a target. Throws FAULT_NOT_APPLIED when a role matches nothing. */
export async function bindTarget(
  topology: ResolvedTopology,
  target: ResolvedTarget,
  pathOf: PathFinder,
): Promise<BoundTarget> {
  const bound = (part: Partial<BoundTarget>, names: string[]): BoundTarget => ({
    nodes: [],
    link: null,
    controllerInstance: null,
    ...part,
    names,
  });
  switch (target.kind) {
    case 'node':
    case 'anyRelay':
      return bound({ nodes: [target.node] }, [target.node]);
    case 'nodes':
      return bound({ nodes: target.nodes }, target.nodes);
    case 'everyRelayBut': {
      const nodes = nodesWith(topology.nodes, 'loses-power')
        .map(({ name }) => name)
        .filter((name) => !target.nodes.includes(name));
      return bound({ nodes }, nodes);
    }
    case 'controller':
      return bound({ controllerInstance: target.instance }, [`controller ${target.instance}`]);
    case 'link':
      return bound({ link: linkNamed(topology, target.link) }, [target.link]);
    case 'linkOnPath': {
      const path = await completePath(target, pathOf);
      // The first and the last link lead to the hosts.
      const id = path.links.slice(1, -1)[target.hop];
      if (id === undefined) throw nothingThere(target, path);
      return bound({ link: linkNamed(topology, id) }, [id]);
    }
    case 'relayOnPath': {
      const path = await completePath(target, pathOf);
      const between = path.nodes.slice(2, -2);
      const node = between[Math.floor(between.length / 2)];
      if (node === undefined) throw nothingThere(target, path);
      return bound({ nodes: [node] }, [node]);
    }
  }
}

type PathTarget = { kind: string; from: string; to: string };

async function completePath(target: PathTarget, pathOf: PathFinder): Promise<TracedPath> {
  const path = await pathOf(target.from, target.to);
  if (path.complete) return path;
  throw new LabError(
    'FAULT_NOT_APPLIED',
    `No path from ${target.from} to ${target.to} is installed: packets end at ${path.nodes.at(-1)}.`,
  );
}

function nothingThere(target: PathTarget, path: TracedPath): LabError {
  return new LabError(
    'FAULT_NOT_APPLIED',
    `${target.kind}('${target.from}', '${target.to}') matches nothing on ${path.nodes.join(' → ')}.`,
  );
}

function linkNamed(topology: ResolvedTopology, id: string) {
  const found = [...topology.tunnels, ...topology.links].find((link) => link.id === id);
  if (found) return found;
  throw new LabError('FAULT_NOT_APPLIED', `There is no link or tunnel ${id}.`);
}

/** The single node of a target. Throws when the fault was given something else. */
export function onlyNode(fault: ResolvedFault, target: BoundTarget): string {
  const [node, ...more] = target.nodes;
  if (node !== undefined && more.length === 0) return node;
  throw new LabError(
    'FAULT_NOT_APPLIED',
    `${fault.kind} needs one node, got ${target.names.join(', ')}.`,
  );
}

/** The link or tunnel of a target. Throws when the fault was given something else. */
export function onlyLink(fault: ResolvedFault, target: BoundTarget): ResolvedLink | ResolvedTunnel {
  if (target.link) return target.link;
  throw new LabError(
    'FAULT_NOT_APPLIED',
    `${fault.kind} needs a link or tunnel, got ${target.names.join(', ')}.`,
  );
}

/** A numeric parameter of a fault. Throws INTERNAL: resolving has checked it. */
export function numberParameter(fault: ResolvedFault, name: string): number {
  const value = fault.parameters[name];
  if (typeof value === 'number') return value;
  throw new LabError('INTERNAL', `${fault.kind} has no numeric parameter ${name}.`);
}
