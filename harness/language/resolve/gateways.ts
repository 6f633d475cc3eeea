/** What gateways share: an address in each of their subnets, and who of them is to have it. */
import type { NodeWith } from '../../model/node-traits.js';
import type { RoutingSession } from '../../model/routing.js';
import { endKey, type Subnet } from './subnets.js';

type Router = NodeWith<'routes'>;

/** The number of the first virtual router; each subnet of gateways has one of its own. */
const firstGroup = 51;

/** A gateway with its virtual addresses, as the subnets have them; others as they are. */
export function withVirtual(node: Router, routers: readonly Router[], subnets: readonly Subnet[]) {
  const { vrrp } = node.protocols;
  if (vrrp === undefined) return node;
  const shared = subnets.filter(({ virtual }) => virtual !== undefined);
  const virtual = shared.flatMap(({ segment, virtual: address = '' }, index) =>
    segment.ends
      .filter((end) => end.node === node.name)
      .map(({ port }) => ({ port, address, group: firstGroup + (index % 200) })),
  );
  const rivals = rivalsOf(node, routers, shared);
  const master = rivals.every(({ protocols }) => (protocols.vrrp?.priority ?? 0) < vrrp.priority);
  return { ...node, protocols: { ...node.protocols, vrrp: { ...vrrp, master, virtual } } };
}

function rivalsOf({ name }: Router, routers: readonly Router[], shared: readonly Subnet[]) {
  const near = new Set(
    shared
      .filter(({ segment }) => segment.ends.some((end) => end.node === name))
      .flatMap(({ segment }) => segment.ends.map((end) => end.node)),
  );
  return routers.filter((one) => one.name !== name && near.has(one.name) && one.protocols.vrrp);
}

/** One session with each other gateway of a subnet; its address is the virtual one. */
export function gatewaySessions(
  node: Router,
  routers: readonly Router[],
  subnets: readonly Subnet[],
): RoutingSession[] {
  if (node.protocols.vrrp === undefined) return [];
  const gateways = new Set(routers.filter(({ protocols }) => protocols.vrrp).map((r) => r.name));
  return subnets.flatMap(({ segment: { ends }, virtual = '' }) =>
    ends
      .filter((end) => end.node === node.name)
      .flatMap((own) =>
        ends
          .filter((far) => far.node !== node.name && gateways.has(far.node))
          .map((far) => ({
            protocol: 'vrrp' as const,
            port: own.port,
            neighbour: far.node,
            neighbourPort: far.port,
            address: virtual.replace(/\/.*/, ''),
          })),
      ),
  );
}

/** The address by which a host leaves its subnet: what the gateways share, or the first router's. */
export function wayOut({ segment, addresses, virtual }: Subnet): string | undefined {
  const router = segment.ends.find(({ routes }) => routes);
  return virtual ?? (router && addresses.get(endKey(router)));
}
