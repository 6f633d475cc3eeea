/** The interface of a host that has its addresses, where that is not its first one. Pure. */
import type { ResolvedBond, ResolvedLink, ResolvedTopology } from '../resolved.js';

/** The bond of a host; undefined where it has none. */
export function bondOf(
  { bonds }: Pick<ResolvedTopology, 'bonds'>,
  host: string,
): ResolvedBond | undefined {
  return bonds?.find(({ node }) => node === host);
}

/** The link over which a host sends frames that it tags by itself. */
export function taggedLinkOf(
  { links }: Pick<ResolvedTopology, 'links'>,
  host: string,
): ResolvedLink | undefined {
  return links.find(
    ({ vlan, a, b }) => vlan?.mode === 'tagged' && (a.node === host || b.node === host),
  );
}

/** Its bond, or its interface in a VLAN; undefined where it is its first interface. */
export function addressedPort(
  topology: Pick<ResolvedTopology, 'bonds' | 'links'>,
  host: string,
): string | undefined {
  const vlan = taggedLinkOf(topology, host)?.vlan;
  if (vlan?.mode === 'tagged') return `${host}.${vlan.id}`;
  return bondOf(topology, host)?.port;
}
