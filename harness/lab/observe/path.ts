/**
 * The way a packet takes through the network right now, by the nodes' own tables: each node is asked
 * where it would send the packet, and the port it would leave by leads to the next. Independent of
 * the controller, and of what it believes.
 */

import { lanesOf, tagOn } from '../../model/network/lanes.js';
import { probeAddressOf } from '../../model/network/probe-address.js';
import type { TracedPacket, TracedPath } from '../../model/network/traced-path.js';
import { nodeWith } from '../../model/node-traits.js';
import type { ResolvedHost, ResolvedMeter, ResolvedTopology } from '../../model/resolved.js';

interface Hop {
  link: string;
  node: string;
  port: string;
}

/** What lies behind a port, for every port of the topology. Key: `node port`. */
export function neighbours(topology: ResolvedTopology): Map<string, Hop> {
  const map = new Map<string, Hop>();
  const carriers = new Set(topology.tunnels.map((tunnel) => tunnel.underlay));
  const joins = [...topology.links.filter((link) => !carriers.has(link.id)), ...topology.tunnels];
  for (const { id, a, b } of joins) {
    map.set(`${a.node} ${a.port}`, { link: id, ...b });
    map.set(`${b.node} ${b.port}`, { link: id, ...a });
  }
  return map;
}

/** Names of the ports by which a node would send a packet on that came in by `inPort`. */
export type OutputsOf = (node: string, inPort: string, packet: TracedPacket) => Promise<string[]>;

/** The hardware address that a node gives a packet; null = that it had. */
export type NextHopOf = (
  node: string,
  inPort: string | null,
  packet: TracedPacket,
) => Promise<string | null>;

/** The port by which a host with several links sends now; null = it has one link. */
export type FirstPortOf = (host: string) => Promise<string | null>;

export interface Asked {
  outputsOf: OutputsOf;
  nextHopOf?: NextHopOf | undefined;
  firstPortOf?: FirstPortOf | undefined;
}

/**
 * Follow a packet from one host to another: a probe of the meter where there is one between them,
 * since some controllers give every conversation a flow of its own, or else (or when that one does
 * not get through) a TCP packet. A loop or a drop ends it: `complete` is false. So does a node that
 * does not answer.
 */
export async function tracePath(
  topology: ResolvedTopology,
  meters: readonly ResolvedMeter[],
  from: string,
  to: string,
  asked: Asked,
): Promise<TracedPath> {
  const source = nodeWith(topology.nodes, from, 'end-point');
  const target = nodeWith(topology.nodes, to, 'end-point');
  if (!source || !target) return { nodes: [from], links: [], complete: false };
  const meter = meters.find((one) => [one.from, one.to].sort().join() === [from, to].sort().join());
  const packets = [
    ...(meter ? [probePacket(meter, source, target)] : []),
    tcpPacket(source, target),
  ];
  let path: TracedPath | undefined;
  for (const packet of packets) {
    if (!path?.complete) path = await follow(topology, packet, from, to, asked);
  }
  return path ?? { nodes: [from], links: [], complete: false };
}

function tcpPacket(source: ResolvedHost, target: ResolvedHost): TracedPacket {
  return packetOf('tcp', source, target, [source.address, target.address], [40_000, 5201]);
}

function probePacket(
  meter: ResolvedMeter,
  source: ResolvedHost,
  target: ResolvedHost,
): TracedPacket {
  const addresses = [probeAddressOf(source, meter), probeAddressOf(target, meter)] as const;
  return packetOf('udp', source, target, addresses, [meter.port, meter.port]);
}

function packetOf(
  protocol: 'tcp' | 'udp',
  source: ResolvedHost,
  target: ResolvedHost,
  [from, to]: readonly [string, string],
  [sourcePort, targetPort]: readonly [number, number],
): TracedPacket {
  const words = [
    ...[protocol, `dl_src=${source.mac}`, `dl_dst=${target.mac}`],
    ...[`nw_src=${from.split('/')[0]}`, `nw_dst=${to.split('/')[0]}`],
    ...[`${protocol}_src=${sourcePort}`, `${protocol}_dst=${targetPort}`, 'nw_ttl=64'],
  ].join(',');
  const [source_, target_] = [from, to].map((address) => address.replace(/\/.*/, ''));
  return {
    words,
    targetMac: target.mac,
    protocol,
    source: source_ ?? '',
    target: target_ ?? '',
    sourcePort,
    targetPort,
  };
}

async function follow(
  topology: ResolvedTopology,
  first: TracedPacket,
  from: string,
  to: string,
  { outputsOf, nextHopOf = async () => null, firstPortOf = async () => null }: Asked,
): Promise<TracedPath> {
  const next = neighbours(topology);
  const path: TracedPath = { nodes: [from], links: [], complete: false };
  let packet = sentTo(first, await nextHopOf(from, null, first));
  const byId = new Map(topology.links.map((link) => [link.id, link]));
  let lane = '';
  const port = await firstPortOf(from);
  let hop = port === null ? firstHop(next, from) : next.get(`${from} ${port}`);
  while (hop && path.nodes.length <= topology.nodes.length) {
    path.nodes.push(hop.node);
    path.links.push(hop.link);
    if (hop.node === to) {
      path.complete = true;
      break;
    }
    const link = byId.get(hop.link) ?? {};
    // A trunk does not tell which of its VLANs a packet is in; ports of hosts and routers do.
    const lanes = lanesOf(link);
    if (lanes.length === 1) lane = lanes[0] ?? '';
    const ports = await outputsOf(hop.node, hop.port, tagged(packet, tagOn(link, lane)));
    packet = sentTo(packet, await nextHopOf(hop.node, hop.port, packet));
    const candidates = ports.map((port) => next.get(`${hop?.node} ${port}`)).filter((one) => !!one);
    // A flooded packet leaves by several ports; only a single way out is a path.
    hop =
      candidates.find((one) => one.node === to) ??
      (candidates.length === 1 ? candidates[0] : undefined);
    if (hop && path.nodes.includes(hop.node) && hop.node !== to) break;
  }
  return path;
}

/** The packet as it is on a link on which it has a tag. */
function tagged(packet: TracedPacket, vlan: number | null): TracedPacket {
  return vlan === null ? packet : { ...packet, words: `${packet.words},dl_vlan=${vlan}` };
}

/** The packet with the hardware address of its next hop. */
function sentTo(packet: TracedPacket, mac: string | null): TracedPacket {
  if (mac === null) return packet;
  const words = packet.words.replace(/\bdl_dst=[^,]*/, `dl_dst=${mac}`);
  return { ...packet, words, targetMac: mac };
}

function firstHop(next: Map<string, Hop>, host: string): Hop | undefined {
  for (const [key, hop] of next) if (key.startsWith(`${host} `)) return hop;
  return undefined;
}
