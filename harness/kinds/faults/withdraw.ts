/** A router stops announcing a prefix. */
import { text } from '../../language/schema/fields.js';
import type { Target } from '../../language/written/targets.js';
import { formatNetwork, parseCidr, sameNetwork } from '../../model/network/addresses.js';
import { type NodeWith, nodesWith } from '../../model/node-traits.js';
import type { ResolvedFault, ResolvedTopology } from '../../model/resolved.js';
import { quoted } from '../../model/units.js';
import { as, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import type { FaultOptions, On } from '../written-fault.js';

/**
 * A router stops announcing a prefix, by a change of the configuration of its running daemon; its
 * sessions stay up. By BGP it can be any prefix that it announces, by OSPF and IS-IS one of its own
 * without neighbours in it: a subnet of hosts, or a loopback.
 *
 * @example
 * at('5s', withdraw('r2', '10.0.1.0/24'))
 */
export const withdraw = (
  target: Target,
  prefix: string,
  options: FaultOptions = {},
): FaultOptions & On<'withdraw'> & { prefix: string } => ({
  ...options,
  kind: 'withdraw',
  target,
  prefix,
});

export default faultKind({
  kind: 'withdraw',
  order: 38,
  write: withdraw,
  fields: { target, as, prefix: text },
  parameters: ({ prefix }) => ({ prefix }),
  hits: 'routes',
  touches: 'data',
  idle: notAnnounced,
  documented: {
    example: "withdraw('r2', '10.0.1.0/24')",
    does: 'a prefix is no longer announced, by vtysh or birdc on the running daemon; sessions stay up',
  },
});

type Router = NodeWith<'routes'>;

/** A prefix that none of the routers that may be hit announces. */
function notAnnounced(
  { parameters, target }: ResolvedFault,
  topology: ResolvedTopology,
): { field: string; message: string } | undefined {
  const field = 'prefix';
  const given = String(parameters.prefix);
  const prefix = parseCidr(given);
  if (prefix === undefined || formatNetwork(prefix) !== given) {
    const example = prefix === undefined ? '10.0.1.0/24' : formatNetwork(prefix);
    return { field, message: `must be a network such as '${example}', got ${quoted(given)}` };
  }
  const all = nodesWith(topology.nodes, 'routes');
  const hit = all.filter(({ name }) => target.kind !== 'node' || name === target.node);
  const announced = hit.flatMap((router) => announcedBy(router, all));
  if (announced.some((one) => same(one, given))) return undefined;
  const who = target.kind === 'node' ? `'${target.node}' does` : 'the routers do';
  const known = announced.length === 0 ? 'none' : [...new Set(announced)].join(', ');
  return { field, message: `${who} not announce ${given} (announced: ${known})` };
}

const same = (one: string, other: string): boolean => {
  const [a, b] = [parseCidr(one), parseCidr(other)];
  return a !== undefined && b !== undefined && sameNetwork(a, b);
};

/** What a router can stop to announce. */
function announcedBy(router: Router, all: readonly Router[]): string[] {
  const { ospf, isis, bgp } = router.protocols;
  // What the lab did not write it does not change.
  if (router.configFile) return [];
  if (bgp) return all.filter(({ protocols }) => protocols.bgp).flatMap(networksOf);
  if (!ospf && !isis) return [];
  const ends = router.interfaces.filter(({ routers }) => routers.length === 0);
  return [router.loopback, ...ends.map(({ address }) => networkOf(address))];
}

const networksOf = ({ loopback, interfaces }: Router): string[] => [
  loopback,
  ...interfaces.map(({ address }) => networkOf(address)),
];

function networkOf(address: string): string {
  const cidr = parseCidr(address);
  return cidr === undefined ? address : formatNetwork(cidr);
}
