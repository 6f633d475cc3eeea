/**
 * Names of what a lab has in the network namespace of its root. In a sandbox that is the lab's own;
 * with `--sandbox none` it is the host's, where a prefix tells the lab's names from all others.
 */
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
  const switches = new Set(
    topology.nodes.filter(({ kind }) => kind === 'switch').map(({ name }) => name),
  );
  const named = (end: { node: string; port: string }) =>
    switches.has(end.node) ? { ...end, port: `${hostPrefix}${end.port}` } : end;
  return {
    ...topology,
    rootPrefix: hostPrefix,
    links: topology.links.map((link) => ({ ...link, a: named(link.a), b: named(link.b) })),
  };
}

/** Everything a lab on the host makes there, by name: bridges and ends of links. Pure. */
export function hostNames(topology: ResolvedTopology): string[] {
  const names = rootNames(topology);
  const relays = topology.nodes.filter(({ kind }) => kind === 'relay');
  const switches = topology.nodes.filter(({ kind }) => kind === 'switch');
  return [
    ...(relays.length > 0 ? [names.controlBridge] : []),
    ...(relays.length > 0 && topology.fabric ? [names.fabric] : []),
    ...relays.flatMap(({ name }) => [
      names.controlPort(name),
      ...(topology.fabric ? [names.fabricPort(name)] : []),
    ]),
    ...switches.map(({ name }) => `${hostPrefix}${name}`),
    ...topology.links
      .flatMap(({ a, b }) => [a, b])
      .filter(({ node }) => switches.some(({ name }) => name === node))
      .map(({ port }) => port),
  ];
}

/** Of those, the ones that are too long for the kernel. Pure. */
export function tooLongOnHost(topology: ResolvedTopology): string[] {
  return hostNames(topology).filter((name) => name.length > longestInterfaceName);
}
