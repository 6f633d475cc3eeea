/**
 * Names of what a lab has in the network namespace of its root. In a sandbox that is the lab's own;
 * with `--sandbox none` it is the host's, where a prefix distinguishes the lab's names from all others.
 */
import type { NodeTrait } from '../node-facts.js';
import { nodesWith } from '../node-traits.js';
import type { ResolvedTopology } from '../resolved.js';
import { longestInterfaceName } from './names.js';

/** The same for every run, so that a scenario is resolved the same: a host holds one such lab. */
export const hostPrefix = 'fl-';
export const hostTablePrefix = 'failover_';
/** An empty chain in every table of a lab: the mark by which its tables are found again. */
export const tableMark = 'failover_lab_1718378850';

/** Names that are made for every network with relays. */
export function rootNames({ rootPrefix = '' }: Pick<ResolvedTopology, 'rootPrefix'>) {
  return {
    fabric: `${rootPrefix}fabric0`,
    controlBridge: `${rootPrefix}control0`,
    fabricPort: (relay: string) => `${rootPrefix}${relay}-fab`,
    controlPort: (relay: string) => `${rootPrefix}${relay}-ctb`,
  };
}

/** The same network with the names that it has on the host. Pure. */
export function onHost(topology: ResolvedTopology): ResolvedTopology {
  const inRoot = namesOf(topology, 'root-namespace');
  const named = (end: { node: string; port: string }) =>
    inRoot.has(end.node) ? { ...end, port: `${hostPrefix}${end.port}` } : end;
  return {
    ...topology,
    rootPrefix: hostPrefix,
    links: topology.links.map((link) => ({ ...link, a: named(link.a), b: named(link.b) })),
  };
}

function namesOf({ nodes }: ResolvedTopology, trait: NodeTrait): Set<string> {
  return new Set(nodesWith(nodes, trait).map(({ name }) => name));
}

/** Everything a lab on the host makes there, by name: bridges and ends of links. Pure. */
export function hostNames(topology: ResolvedTopology): string[] {
  const names = rootNames(topology);
  const inControl = namesOf(topology, 'control-interface');
  const inFabric = topology.fabric ? namesOf(topology, 'fabric-address') : new Set<string>();
  const inRoot = namesOf(topology, 'root-namespace');
  return [
    ...(inControl.size > 0 ? [names.controlBridge] : []),
    ...(inFabric.size > 0 ? [names.fabric] : []),
    ...[...inControl].map(names.controlPort),
    ...[...inFabric].map(names.fabricPort),
    ...[...inRoot].map((name) => `${hostPrefix}${name}`),
    ...topology.links
      .flatMap(({ a, b }) => [a, b])
      .filter(({ node }) => inRoot.has(node))
      .map(({ port }) => port),
  ];
}

/** Of those, the ones that are too long for the kernel. Pure. */
export function tooLongOnHost(topology: ResolvedTopology): string[] {
  return hostNames(topology).filter((name) => name.length > longestInterfaceName);
}
