/** What routers have by their links: addresses, sessions, configurations; and their hosts' routes. */
import { birdDaemons } from '../../kinds/routing/bird-config.js';
import { addressInFile, daemonsOfFile, fileHas } from '../../kinds/routing/config-file.js';
import { type DaemonConfig, frrDaemons, type RouterView } from '../../kinds/routing/frr-config.js';
import { keepalivedDaemons } from '../../kinds/routing/keepalived-config.js';
import {
  addressSource,
  type Cidr,
  formatAddress,
  loopbackNetwork,
  notIpv4,
  parseCidr,
} from '../../model/network/addresses.js';
import { type Segment, segmentsOf } from '../../model/network/segments.js';
import { has, type NodeWith, nodesWith } from '../../model/node-traits.js';
import type { ResolvedLink, ResolvedNode } from '../../model/resolved.js';
import type { RoutingSession, SessionProtocol } from '../../model/routing.js';
import { quoted } from '../../model/units.js';
import { joinPath, listed, type Problems } from '../problems.js';
import { gatewaySessions, wayOut, withVirtual } from './gateways.js';
import { nodePartsOf, type ReadNodePart, type ReadTopology } from './parts.js';
import type { Placed } from './placed.js';
import { assignSubnets, endKey, type GivenAddress, type Subnet } from './subnets.js';
import type { Wiring } from './wiring.js';

type Router = NodeWith<'routes'>;

/** The nodes with all that their links decide; as they are where nothing routes. */
export function withRouting(
  parts: ReadTopology,
  nodes: readonly ResolvedNode[],
  wiring: Wiring,
  problems: Problems,
): ResolvedNode[] {
  if (nodesWith(nodes, 'routes').length === 0) return [...nodes];
  const placed = new Map(nodePartsOf(parts).map((one) => [one.part.name, one]));
  const loopbacks = bindLoopbacks(nodes, placed, problems);
  const segments = segmentsOf({ nodes: [...nodes], ...wiring }).filter(({ ends }) =>
    ends.some(({ routes }) => routes),
  );
  const given = givenAddresses(segments, placed, wiring.links, problems);
  const taken = [...loopbacks].map(([name, cidr]) => ({
    cidr,
    whose: `the loopback of '${name}'`,
  }));
  const gateways = new Set(
    nodesWith(nodes, 'routes')
      .filter(({ protocols }) => protocols.vrrp)
      .map(({ name }) => name),
  );
  const subnets = assignSubnets(segments, given, taken, gateways, problems);
  const context = { nodes, loopbacks, subnets, links: wiring.links, problems };
  const whole = nodes.map((node) => {
    if (has(node, 'routes'))
      return routed(node, context, placed.get(node.name)?.path ?? 'topology');
    return has(node, 'end-point') ? hosted(node, subnets) : node;
  });
  return withoutUnconfigured(whole);
}

/** Routers whose own files leave a session out, at either end, do not have it. */
function withoutUnconfigured(nodes: readonly ResolvedNode[]): ResolvedNode[] {
  const routers = new Map(nodesWith(nodes, 'routes').map((router) => [router.name, router]));
  if ([...routers.values()].every(({ configFile }) => configFile === undefined)) return [...nodes];
  const atOtherEnd = ({ name }: Router, session: RoutingSession) => {
    const other = routers.get(session.neighbour);
    const same = other?.sessions.find(
      ({ protocol, port, neighbour }) =>
        protocol === session.protocol && port === session.neighbourPort && neighbour === name,
    );
    return other === undefined || (same !== undefined && fileHas(other, same));
  };
  return nodes.map((node) => {
    if (!has(node, 'routes')) return node;
    const sessions = node.sessions.filter((one) => fileHas(node, one) && atOtherEnd(node, one));
    return { ...node, sessions };
  });
}

interface Context {
  nodes: readonly ResolvedNode[];
  loopbacks: ReadonlyMap<string, Cidr>;
  subnets: readonly Subnet[];
  links: readonly ResolvedLink[];
  problems: Problems;
}

type Written = ReadonlyMap<string, Placed<ReadNodePart>>;

function bindLoopbacks(
  nodes: readonly ResolvedNode[],
  placed: Written,
  problems: Problems,
): Map<string, Cidr> {
  const bound = new Map<string, Cidr>();
  const routers = nodesWith(nodes, 'routes');
  const seen = new Map<number, string>();
  for (const { name, loopback } of routers) {
    if (loopback === '') continue;
    const at = joinPath(placed.get(name)?.path ?? 'topology', ['loopback']);
    const cidr = parseCidr(loopback.includes('/') ? loopback : `${loopback}/32`);
    if (cidr === undefined || cidr.prefix !== 32) {
      problems.add(at, notIpv4(loopback, 'an IPv4 address'), "such as '10.255.0.1'");
      continue;
    }
    const first = seen.get(cidr.address);
    if (first !== undefined) problems.add(at, `${loopback} is already the loopback of '${first}'`);
    seen.set(cidr.address, name);
    bound.set(name, cidr);
  }
  const next = addressSource(loopbackNetwork, new Set(seen.keys()));
  for (const { name } of routers) {
    const cidr = bound.get(name) ?? parseCidr((next() ?? '').replace(/\/.*/, '/32'));
    if (cidr) bound.set(name, cidr);
  }
  return bound;
}

function givenAddresses(
  segments: readonly Segment[],
  placed: Written,
  links: readonly ResolvedLink[],
  problems: Problems,
): Map<string, GivenAddress> {
  const given = new Map<string, GivenAddress>();
  for (const end of segments.flatMap(({ ends }) => ends)) {
    const written = placed.get(end.node);
    if (written === undefined) continue;
    const { part, path } = written;
    if ('suite' in part) {
      const text = part.addresses?.[end.link] ?? part.portAddresses?.[end.port];
      const inFile = addressInFile(part.suite, end.port);
      if (text !== undefined)
        given.set(endKey(end), { text, path: joinPath(path, ['addresses', end.link]) });
      else if (inFile !== undefined)
        given.set(endKey(end), { text: inFile, path: joinPath(path, ['suite', 'config']) });
    } else if ('address' in part && part.address !== undefined) {
      given.set(endKey(end), { text: part.address, path: joinPath(path, ['address']) });
    }
  }
  for (const { part, path } of placed.values()) {
    if (!('addresses' in part) || part.addresses === undefined) continue;
    const own = links.filter(({ a, b }) => a.node === part.name || b.node === part.name);
    for (const link of Object.keys(part.addresses)) {
      if (own.some(({ id }) => id === link)) continue;
      const message = `'${part.name}' has no link ${quoted(link)} (links: ${listed(own.map(({ id }) => id))})`;
      problems.add(joinPath(path, ['addresses', link]), message);
    }
  }
  return given;
}

/** A host behind a router gets an address of that subnet, and the first router in it as its way out. */
function hosted(node: NodeWith<'end-point'>, subnets: readonly Subnet[]): ResolvedNode {
  for (const subnet of subnets) {
    const own = subnet.segment.ends.find((end) => end.node === node.name);
    const address = own && subnet.addresses.get(endKey(own));
    const via = wayOut(subnet);
    if (own === undefined || address === undefined || via === undefined) continue;
    const defaultRoute = node.defaultRoute ?? `via ${via.replace(/\/.*/, '')}`;
    return { ...node, address, defaultRoute };
  }
  return node;
}

function routed(node: Router, context: Context, path: string): Router {
  const { subnets, loopbacks, nodes, links, problems } = context;
  const cidr = loopbacks.get(node.name);
  const interfaces = subnets.flatMap(({ segment: { ends }, addresses }) =>
    ends
      .filter((end) => end.node === node.name)
      .map((end) => ({
        port: end.port,
        link: end.link,
        address: addresses.get(endKey(end)) ?? '',
        hosts: ends.some(({ routes }) => !routes),
        routers: ends.filter((one) => one.routes && one.node !== node.name).map((one) => one.node),
      })),
  );
  const bound = { ...node, interfaces, loopback: cidr ? `${formatAddress(cidr.address)}/32` : '' };
  const routers = nodesWith(nodes, 'routes');
  const sessions = [
    ...sessionsOf(node, routers, subnets),
    ...gatewaySessions(node, routers, subnets),
  ];
  const statics = (node.protocols.static ?? []).map((route, index) => {
    const at = joinPath(path, ['suite', 'static', index]);
    return {
      ...route,
      via: nextHop(route.via, node.name, subnets, joinPath(at, ['via']), problems),
    };
  });
  for (const [index, { prefix }] of (node.protocols.static ?? []).entries()) {
    const read = parseCidr(prefix);
    if (read && read.address === read.first) continue;
    const at = joinPath(path, ['suite', 'static', index, 'prefix']);
    problems.add(at, notIpv4(prefix, 'an IPv4 network'), "such as '10.0.1.0/24'");
  }
  const protocols = node.protocols.static ? { ...node.protocols, static: statics } : node.protocols;
  const whole = withVirtual({ ...bound, protocols, sessions }, routers, subnets);
  if (whole.configFile) return { ...whole, daemons: daemonsOfFile(whole) };
  const view = { router: whole, links, numbers: autonomousSystems(nodes) };
  return { ...whole, daemons: daemonsOf[node.suite](view) };
}

const daemonsOf: Readonly<Record<Router['suite'], (view: RouterView) => DaemonConfig[]>> = {
  frr: frrDaemons,
  bird: birdDaemons,
  keepalived: ({ router }) => keepalivedDaemons(router),
  kernel: () => [],
};

function autonomousSystems(nodes: readonly ResolvedNode[]): Map<string, number> {
  return new Map(
    nodesWith(nodes, 'routes').flatMap(({ name, protocols }) =>
      protocols.bgp ? [[name, protocols.bgp.as] as const] : [],
    ),
  );
}

/** Every protocol that both ends of a segment speak, and BFD where both have it beside one. */
function sessionsOf(
  node: Router,
  routers: readonly Router[],
  subnets: readonly Subnet[],
): RoutingSession[] {
  const byName = new Map(routers.map((router) => [router.name, router]));
  return subnets.flatMap(({ segment: { ends }, addresses }) =>
    ends
      .filter((end) => end.node === node.name)
      .flatMap((own) =>
        ends
          .filter((end) => end.routes && end.node !== node.name)
          .flatMap((far) => {
            const other = byName.get(far.node);
            const address = addresses.get(endKey(far))?.replace(/\/.*/, '') ?? '';
            return sharedProtocols(node, other).map((protocol) => ({
              protocol,
              port: own.port,
              neighbour: far.node,
              neighbourPort: far.port,
              address,
            }));
          }),
      ),
  );
}

function sharedProtocols(one: Router, other: Router | undefined): SessionProtocol[] {
  const speaking = (['ospf', 'bgp', 'isis'] as const).filter(
    (protocol) => one.protocols[protocol] && other?.protocols[protocol],
  );
  const watched = speaking.length > 0 && one.protocols.bfd && other?.protocols.bfd;
  return [...speaking, ...(watched ? (['bfd'] as const) : [])];
}

/** The address of a neighbour that is given by its name; an address as it is. */
function nextHop(
  via: string,
  name: string,
  subnets: readonly Subnet[],
  path: string,
  problems: Problems,
): string {
  const shared = subnets.filter(({ segment }) => segment.ends.some((end) => end.node === name));
  for (const { segment, addresses } of shared) {
    const far = segment.ends.find((end) => end.node === via);
    const address = far && addresses.get(endKey(far));
    if (address) return address.replace(/\/.*/, '');
  }
  const read = parseCidr(`${via}/32`);
  const near = shared.some(
    ({ cidr }) => read && cidr.first <= read.address && read.address <= cidr.last,
  );
  if (near) return via;
  const message = `${quoted(via)} is neither a neighbour of '${name}' nor an address in one of its subnets`;
  problems.add(path, message, 'name a node that a link joins to it');
  return via;
}
