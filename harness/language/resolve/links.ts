/** Links and tunnels with their ports, MTUs and underlays bound. */

import { otherThan } from '../../kinds/node-tables.js';
import { innerMtuBytes, mtuSum } from '../../model/network/mtu.js';
import {
  longestInterfaceName,
  PortCounter,
  tunnelPort,
  uniqueName,
} from '../../model/network/names.js';
import { has, nodeKinds } from '../../model/node-traits.js';
import type { ResolvedLink, ResolvedNode } from '../../model/resolved.js';
import { writtenDuration } from '../../model/units.js';
import { joinPath, type Problems } from '../problems.js';
import type { PartOf } from '../schema/topology.js';
import { addBond, checkAlone } from './bonds.js';
import { knownNode, partsOf, type ReadTopology } from './parts.js';
import type { Placed } from './placed.js';
import { claimId, type LinkPart, type Wiring, type WiringContext } from './wiring.js';

type TunnelPart = PartOf<'gre' | 'vxlan' | 'geneve'>;
type CablePart = Exclude<TunnelPart['over'], 'fabric' | undefined>;

/** MTU of links and of the fabric unless a scenario says otherwise: Ethernet's. */
export const defaultMtuBytes = 1500;

/** Binds all links and tunnels in the order they were written. */
export function resolveWiring(
  topology: ReadTopology,
  nodes: readonly ResolvedNode[],
  problems: Problems,
): Wiring {
  const wiring: Wiring = { links: [], tunnels: [], bonds: [], places: new Map() };
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const ports = new PortCounter(highestNumbers(topology));
  const tunnelPorts = new Map<string, Set<string>>();
  const context: WiringContext = { wiring, byName, ports, tunnelPorts, topology, problems };
  const wired = ['link', 'bond', 'gre', 'vxlan', 'geneve'] as const;
  for (const { part, path } of partsOf(topology, ...nodeKinds, ...wired)) {
    if ('name' in part) {
      if (!('on' in part) || part.on === undefined) continue;
      if (!knownNode(part.on, topology.names, joinPath(path, ['on']), problems)) continue;
      const { vlan } = part;
      addLink(context, { kind: 'link', a: part.name, b: part.on, vlan }, path);
    } else if (part.kind === 'link') {
      if (endsAreKnown(context, part, path)) addLink(context, part, path);
    } else if (part.kind === 'bond') {
      addBond(context, part, path, (wire) => addLink(context, wire, path));
    } else if (endsAreKnown(context, part, path)) addTunnel(context, part, path);
  }
  checkAlone(context);
  checkSamePaths(topology, problems);
  return wiring;
}

/** The highest port number that a Mininet file states, by node. */
function highestNumbers(topology: ReadTopology): Map<string, number> {
  const highest = new Map<string, number>();
  for (const { part } of partsOf(topology, 'link')) {
    [part.a, part.b].forEach((node, side) => {
      const number = part.numbers?.[side];
      if (number !== undefined) highest.set(node, Math.max(number, highest.get(node) ?? number));
    });
  }
  return highest;
}

function endsAreKnown(context: WiringContext, part: LinkPart | TunnelPart, path: string): boolean {
  const { topology, problems } = context;
  const known = [
    knownNode(part.a, topology.names, joinPath(path, ['a']), problems),
    knownNode(part.b, topology.names, joinPath(path, ['b']), problems),
  ];
  if (part.a === part.b) {
    problems.add(path, `a ${part.kind} from '${part.a}' to itself`);
    return false;
  }
  return known.every(Boolean);
}

function checkWire(
  part: LinkPart | TunnelPart | CablePart,
  path: string,
  problems: Problems,
): void {
  if ((part.jitter ?? 0) === 0) return;
  const at = joinPath(path, ['jitter']);
  if (part.delay === undefined) {
    problems.add(at, 'jitter without a delay has no effect', "set a delay too, delay: '10ms'");
  } else if ((part.jitter ?? 0) > part.delay) {
    problems.add(at, `the jitter is larger than the delay of ${part.delay} ms`);
  }
}

function addLink(context: WiringContext, part: LinkPart, path: string): ResolvedLink {
  const { byName, ports, problems, wiring } = context;
  checkWire(part, path, problems);
  const end = (node: string, side: 0 | 1) => {
    const port = part.ports?.[side];
    const number = part.numbers?.[side];
    const known = byName.get(node);
    const isEnd = known !== undefined && has(known, 'end-point');
    if (port === undefined) return { node, ...ports.port(node, isEnd) };
    return { node, port, ...(number === undefined ? {} : { number }) };
  };
  const link: ResolvedLink = {
    id: claimId(context, part.id, `${part.a}-${part.b}`, path),
    a: end(part.a, 0),
    b: end(part.b, 1),
    bandwidthBps: part.bandwidth ?? null,
    delayMs: part.delay ?? 0,
    jitterMs: part.jitter ?? 0,
    lossPercent: part.loss ?? 0,
    queuePackets: part.queue ?? null,
    mtuBytes: part.mtu ?? defaultMtuBytes,
    ...(part.carrier === 'hidden' ? { hidesCarrier: true as const } : {}),
    ...(part.metric === undefined ? {} : { metric: part.metric }),
    ...(part.vlan === undefined ? {} : { vlan: part.vlan }),
  };
  for (const { port } of [link.a, link.b]) {
    if (port.length <= longestInterfaceName) continue;
    const limit = `Linux allows ${longestInterfaceName} characters`;
    problems.add(path, `the interface name '${port}' has ${port.length} characters; ${limit}`);
  }
  wiring.links.push(link);
  return link;
}

function addTunnel(context: WiringContext, part: TunnelPart, path: string): void {
  const { byName, problems, wiring, topology } = context;
  checkWire(part, path, problems);
  for (const [key, node] of [
    ['a', part.a],
    ['b', part.b],
  ] as const) {
    const other = otherThan('fabric-address', [...byName.values()], node);
    if (other === undefined) continue;
    const message = `a tunnel needs an underlay, which only relays have; '${node}' is a ${other}`;
    problems.add(joinPath(path, [key]), message, `make it relay('${node}'), or use link(…)`);
  }
  if ((part.delay ?? 0) > 0) {
    const message = 'a tunnel has no queue to delay packets; a cable has one';
    const hint = `write over: cable({ delay: '${writtenDuration(part.delay ?? 0)}' }), or set the delay on a link of a host`;
    problems.add(joinPath(path, ['delay']), message, hint);
  }
  const cable = part.over === undefined || part.over === 'fabric' ? null : part.over;
  const underlay = cable === null ? null : addCable(context, part, cable, path);
  const underlayMtu = underlay?.mtuBytes ?? fabricMtuBytes(topology);
  const hasKey = part.key !== undefined;
  const innerMtu = innerMtuBytes(part.kind, hasKey, underlayMtu);
  if (innerMtu < 576) {
    const sum = mtuSum(part.kind, hasKey, underlayMtu);
    const at = underlay === null ? fabricMtuPath(topology) : joinPath(path, ['over', 'mtu']);
    problems.add(at, `the MTU inside ${part.kind} tunnels is below 576 bytes: ${sum}`);
  }
  wiring.tunnels.push({
    id: claimId(context, part.id, `${part.kind}-${part.a}-${part.b}`, path),
    kind: part.kind,
    a: { node: part.a, port: claimPort(context, part.kind, part.a, part.b) },
    b: { node: part.b, port: claimPort(context, part.kind, part.b, part.a) },
    underlay: underlay?.id ?? null,
    key: part.key ?? null,
    innerMtuBytes: innerMtu,
    costMs: part.cost ?? null,
    delayMs: part.delay ?? 0,
    jitterMs: part.jitter ?? 0,
    lossPercent: part.loss ?? 0,
    bandwidthBps: part.bandwidth ?? null,
  });
}

function addCable(context: WiringContext, part: TunnelPart, cable: CablePart, path: string) {
  const at = joinPath(path, ['over']);
  checkWire(cable, at, context.problems);
  const id = cable.id ?? uniqueName(`cable-${part.a}-${part.b}`, context.wiring.places);
  return addLink(context, { ...cable, kind: 'link', a: part.a, b: part.b, id }, at);
}

/** MTU of the fabric as written, or Ethernet's. */
export function fabricMtuBytes(topology: ReadTopology): number {
  return partsOf(topology, 'fabric')[0]?.part.mtu ?? defaultMtuBytes;
}

function fabricMtuPath(topology: ReadTopology): string {
  return joinPath(partsOf(topology, 'fabric')[0]?.path ?? 'topology', ['mtu']);
}

function claimPort(
  { tunnelPorts }: WiringContext,
  kind: TunnelPart['kind'],
  node: string,
  peer: string,
): string {
  const taken = tunnelPorts.get(node) ?? new Set<string>();
  tunnelPorts.set(node, taken);
  const port = tunnelPort(kind, peer, taken);
  taken.add(port);
  return port;
}

/** Open vSwitch distinguishes two tunnels between the same addresses by their key only. */
function checkSamePaths(topology: ReadTopology, problems: Problems): void {
  const seen = new Map<string, Placed<TunnelPart>>();
  for (const placed of partsOf(topology, 'gre', 'vxlan', 'geneve')) {
    const { part, path } = placed;
    if (typeof part.over === 'object') continue;
    const signature = [part.kind, ...[part.a, part.b].sort(), part.key ?? 'none'].join(' ');
    const first = seen.get(signature);
    if (first === undefined) seen.set(signature, placed);
    else {
      const message = `a second ${part.kind} tunnel between '${part.a}' and '${part.b}' (${first.path})`;
      problems.add(path, message, 'give each tunnel its own key, key: 1');
    }
  }
}
