/** Faults with their targets bound and their numbers under the names the runner knows. */
import { faultOf } from '../../kinds/fault-tables.js';
import type { ResolvedFault, ResolvedTarget } from '../../model/resolved.js';
import { joinPath } from '../problems.js';
import type { ReadFault } from '../schema/timeline.js';
import { knownNode } from './parts.js';
import { resolveTarget, type TargetContext } from './targets.js';

export interface FaultContext extends TargetContext {
  controllerInstances: number;
}

/** Binds a fault; undefined when its target is wrong, and then `problems` says why. */
export function bindFault(
  fault: ReadFault,
  id: string,
  path: string,
  context: FaultContext,
): ResolvedFault | undefined {
  const target = bindTarget(fault, path, context);
  if (target === undefined) return undefined;
  const direction = 'direction' in fault ? (fault.direction ?? 'both') : 'both';
  const parameters = faultOf(fault.kind).parameters(fault);
  return { id, kind: fault.kind, target, direction, parameters };
}

function bindTarget(
  fault: ReadFault,
  path: string,
  context: FaultContext,
): ResolvedTarget | undefined {
  if ('nodes' in fault) return bindPartition(fault.nodes, joinPath(path, ['nodes']), context);
  if ('instance' in fault) return bindInstance(fault.instance, path, context);
  return resolveTarget(fault.kind, fault.target, joinPath(path, ['target']), context);
}

function bindPartition(
  cut: readonly string[],
  path: string,
  { names, nodes, problems }: FaultContext,
): ResolvedTarget | undefined {
  if (cut.length === 0) problems.add(path, 'names no nodes');
  const known = cut.map((name, index) => knownNode(name, names, joinPath(path, [index]), problems));
  if (nodes.length > 0 && nodes.every(({ name }) => cut.includes(name))) {
    problems.add(path, 'names every node, so no node is cut off');
  }
  return known.length > 0 && known.every(Boolean) ? { kind: 'nodes', nodes: [...cut] } : undefined;
}

function bindInstance(
  instance: number,
  path: string,
  { controllerInstances, problems }: FaultContext,
): ResolvedTarget | undefined {
  if (instance < controllerInstances) return { kind: 'controller', instance };
  const last = controllerInstances - 1;
  const message =
    controllerInstances === 0
      ? 'the scenario has no controller'
      : `there is no controller ${instance}; the last is ${last}`;
  problems.add(path, message);
  return undefined;
}
