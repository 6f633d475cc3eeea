/** Which elements of a scenario can fail, how, and what its traffic would have left. Pure. */
import { type FaultDescriptor, type HitLink, isNodeTrait } from '../../kinds/fault-kind.js';
import { faultOf, hitWords } from '../../kinds/fault-tables.js';
import { faultDescriptors } from '../../kinds/generated/fault-descriptors.js';
import { nodeKindOf, nounOf } from '../../kinds/node-tables.js';
import type { Element, ElementFailure, HostPair } from '../../model/failure-case.js';
import { mayCarry, mayCarryEdge } from '../../model/network/carriers.js';
import { type Graph, graphOf, shortestPath } from '../../model/network/graph.js';
import { kindHas } from '../../model/node-traits.js';
import { openFlowPorts } from '../../model/open-flow.js';
import type { FaultKind, ResolvedScenario } from '../../model/resolved.js';

/** A scenario as a space of failures. */
export interface FailureSpace {
  scenario: ResolvedScenario;
  graph: Graph;
  /** Hosts between which traffic runs, each pair once. */
  pairs: HostPair[];
  elements: Element[];
}

const descriptors: readonly FaultDescriptor[] = [...faultDescriptors].sort(
  (one, other) => one.order - other.order,
);

/** Everything in a scenario that could fail. */
export function spaceOf(scenario: ResolvedScenario): FailureSpace {
  const graph = graphOf(scenario.topology);
  const pairs = new Map(
    [...scenario.flows, ...scenario.meters].map(({ from, to }) => {
      return [[from, to].sort().join(' '), { from, to }];
    }),
  );
  return { scenario, graph, pairs: [...pairs.values()], elements: elementsOf(scenario, graph) };
}

function elementsOf({ topology, controller }: ResolvedScenario, graph: Graph): Element[] {
  const tunnels = new Set(topology.tunnels.map(({ id }) => id));
  const instances = openFlowPorts(controller).length;
  return [
    ...topology.nodes
      .filter(({ name }) => graph.forwarders.has(name))
      .map(({ name }): Element => ({ kind: 'node', name })),
    ...graph.edges.map(({ id }): Element => {
      return { kind: tunnels.has(id) ? 'tunnel' : 'link', name: id };
    }),
    ...Array.from({ length: instances }, (_, instance): Element => {
      const name = instances === 1 ? 'controller' : `controller ${instance}`;
      return { kind: 'controller', name, instance };
    }),
  ];
}

/** Whether any traffic could depend on it. */
export function isUsed({ graph, pairs }: FailureSpace, { kind, name }: Element): boolean {
  if (kind === 'controller') return true;
  return pairs.some(({ from, to }) =>
    kind === 'node' ? mayCarry(graph, name, from, to) : mayCarryEdge(graph, name, from, to),
  );
}

/** Hosts between which no path is left while all these failures last. */
export function pairsCutBy(
  { graph, pairs }: FailureSpace,
  failures: readonly ElementFailure[],
): HostPair[] {
  const gone = failures.filter(({ faultKind }) => takesAway(faultKind));
  const named = (holds: (element: Element) => boolean) =>
    new Set(gone.filter(({ element }) => holds(element)).map(({ element }) => element.name));
  const nodes = named(({ kind }) => kind === 'node');
  const edges = named(({ kind }) => kind === 'link' || kind === 'tunnel');
  return pairs.filter(({ from, to }) => !shortestPath(graph, from, to, { nodes, edges }));
}

/** Nothing passes what such a fault hits, or nothing at times. */
export function takesAway(faultKind: string): boolean {
  const fault = faultOf(faultKind as FaultKind);
  const { stops = false, kills = false, comesAndGoes = false } = fault;
  return fault.touches === 'data' && (stops || kills || comesAndGoes || isNodeTrait(fault.hits));
}

/** Why a fault cannot hit an element, in a sentence; null: it can. */
export function misfitOf(space: FailureSpace, element: Element, kind: FaultKind): string | null {
  const { hits, misfit } = faultOf(kind);
  const wants = `${kind} hits ${hitWords(hits)}`;
  if (element.kind === 'controller') {
    return hits === 'controller' ? null : `${wants}, not a controller`;
  }
  if (element.kind !== 'node') {
    if (hits !== 'link') return `${wants}, not a ${element.kind}`;
    return misfit?.(hitLink(space, element.name))?.message ?? null;
  }
  const node = space.scenario.topology.nodes.find(({ name }) => name === element.name);
  if (!node) return `there is no node ${element.name}`;
  if (isNodeTrait(hits) && kindHas(node.kind, hits)) return null;
  const instead = isNodeTrait(hits) ? nodeKindOf(node.kind).insteadOfFaults : undefined;
  return `${wants}, not a ${nounOf(node.kind)}${instead === undefined ? '' : `; ${instead}`}`;
}

function hitLink({ scenario }: FailureSpace, id: string): HitLink {
  const { links, tunnels } = scenario.topology;
  const tunnel = tunnels.find((one) => one.id === id) ?? null;
  const wire = tunnel === null ? id : tunnel.underlay;
  return { id, tunnel, wire: links.find((link) => link.id === wire) ?? null };
}

/**
 * How an element fails unless it is stated otherwise: a node loses its power, a wire goes down in
 * the way that fits it, a controller is killed. Null: it cannot fail by itself.
 */
export function ownFault(space: FailureSpace, element: Element): FaultKind | null {
  const fits = (descriptor: FaultDescriptor) =>
    misfitOf(space, element, descriptor.kind) === null && needsNothing(descriptor);
  const wanted = (descriptor: FaultDescriptor) => {
    if (element.kind === 'node') return descriptor.kills === true;
    if (element.kind === 'controller') return descriptor.stops === true;
    return descriptor.repeatable !== undefined;
  };
  return descriptors.find((each) => wanted(each) && fits(each))?.kind ?? null;
}

/** Whether a fault is complete with its target alone. */
export function needsNothing({ kind, hits, schema }: FaultDescriptor): boolean {
  const aim = hits === 'controller' ? { instance: 0 } : { target: 'r1' };
  return schema.safeParse({ kind, ...aim }).success;
}
