/**
 * The way a packet takes through the switches right now, by their own flow tables: each switch is
 * asked to trace the packet (`ofproto/trace`), and the port it would leave by leads to the next.
 * Independent of the controller, and of what it believes.
 */
import { z } from 'zod';
import { readBoundedJson } from '../../bounded-json.js';
import { probeAddressOf } from '../../model/network/probe-address.js';
import type { TracedPath } from '../../model/network/traced-path.js';
import type { ResolvedHost, ResolvedMeter, ResolvedTopology } from '../../model/resolved.js';
import type { BridgeClient } from '../mininet/client.js';

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

/** Rows of `ovs-vsctl --format=json`; a number that is not there yet is an empty set. */
const interfaceList = z.object({
  data: z.array(z.tuple([z.string(), z.union([z.number(), z.array(z.unknown())])])),
});
const interfaceListLimits = { characters: 16 * 1024 * 1024, depth: 16 };

/** A switch that answers at all answers within milliseconds. */
const appctlLimitS = 3;
/** How a tool of Open vSwitch ends when its own time limit is over. */
const sigalrm = -14;

/**
 * Follow a packet from one host to another: a probe of the meter where there is one between them,
 * since some controllers give every conversation a flow of its own, or else (or when that one does
 * not get through) a TCP packet. A loop or a drop ends it: `complete` is false. So does a switch
 * that does not answer in time, which `warn` is told.
 */
export async function tracePath(
  bridge: BridgeClient,
  topology: ResolvedTopology,
  meters: readonly ResolvedMeter[],
  from: string,
  to: string,
  warn: (text: string) => void,
): Promise<TracedPath> {
  const host = (name: string) =>
    topology.nodes.find((node): node is ResolvedHost => node.kind === 'host' && node.name === name);
  const source = host(from);
  const target = host(to);
  if (!source || !target) return { nodes: [from], links: [], complete: false };
  const meter = meters.find((one) => [one.from, one.to].sort().join() === [from, to].sort().join());
  const packets = [
    ...(meter ? [probePacket(meter, source, target)] : []),
    tcpPacket(source, target),
  ];
  let path: TracedPath | undefined;
  for (const packet of packets) {
    if (!path?.complete) path = await follow(bridge, topology, packet, from, to, warn);
  }
  return path ?? { nodes: [from], links: [], complete: false };
}

/** A packet as `ofproto/trace` wants it, without its ingress port. */
function tcpPacket(source: ResolvedHost, target: ResolvedHost): string {
  return packetWords('tcp', source, target, [source.address, target.address], [40_000, 5201]);
}

function probePacket(meter: ResolvedMeter, source: ResolvedHost, target: ResolvedHost): string {
  const addresses = [probeAddressOf(source, meter), probeAddressOf(target, meter)] as const;
  return packetWords('udp', source, target, addresses, [meter.port, meter.port]);
}

function packetWords(
  protocol: 'tcp' | 'udp',
  source: ResolvedHost,
  target: ResolvedHost,
  [from, to]: readonly [string, string],
  [sourcePort, targetPort]: readonly [number, number],
): string {
  return [
    ...[protocol, `dl_src=${source.mac}`, `dl_dst=${target.mac}`],
    ...[`nw_src=${from.split('/')[0]}`, `nw_dst=${to.split('/')[0]}`],
    ...[`${protocol}_src=${sourcePort}`, `${protocol}_dst=${targetPort}`, 'nw_ttl=64'],
  ].join(',');
}

async function follow(
  bridge: BridgeClient,
  topology: ResolvedTopology,
  packet: string,
  from: string,
  to: string,
  warn: (text: string) => void,
): Promise<TracedPath> {
  const next = neighbours(topology);
  const path: TracedPath = { nodes: [from], links: [], complete: false };
  let hop = firstHop(next, from);
  while (hop && path.nodes.length <= topology.nodes.length) {
    path.nodes.push(hop.node);
    path.links.push(hop.link);
    if (hop.node === to) {
      path.complete = true;
      break;
    }
    const ports = await outputs(bridge, hop.node, hop.port, packet, warn);
    const candidates = ports.map((port) => next.get(`${hop?.node} ${port}`)).filter((one) => !!one);
    // A flooded packet leaves by several ports; only a single way out is a path.
    hop =
      candidates.find((one) => one.node === to) ??
      (candidates.length === 1 ? candidates[0] : undefined);
    if (hop && path.nodes.includes(hop.node) && hop.node !== to) break;
  }
  return path;
}

function firstHop(next: Map<string, Hop>, host: string): Hop | undefined {
  for (const [key, hop] of next) if (key.startsWith(`${host} `)) return hop;
  return undefined;
}

/** Names of the ports by which bridge `node` would send the packet on. */
async function outputs(
  bridge: BridgeClient,
  node: string,
  inPort: string,
  packet: string,
  warn: (text: string) => void,
): Promise<string[]> {
  const { ovs } = bridge.node(node);
  if (!ovs) return [];
  const flow = `in_port="${inPort}",${packet}`;
  const argv = ['ovs-appctl', '-t', ovs.control, '-T', String(appctlLimitS)];
  const done = await bridge.run(null, [...argv, 'ofproto/trace', ovs.bridge, flow]);
  if (done.status === null || done.status === sigalrm) {
    warn(`ovs-vswitchd of ${node} did not answer \`ofproto/trace\` within ${appctlLimitS} s.`);
  }
  if (done.status !== 0) return [];
  const { ports, learned } = readTrace(done.stdout);
  if (learned) {
    const table = await bridge.run(null, [...argv, 'fdb/show', ovs.bridge]);
    const port = learnedPort(table.stdout, /dl_dst=([^,]*)/.exec(packet)?.[1] ?? '');
    if (port) ports.push(port);
  }
  return ports.length === 0 ? [] : portNames(bridge, node, ports, warn);
}

/**
 * OpenFlow port numbers (or names) that a trace sends the packet to, and whether the bridge
 * forwards like a learning switch (NORMAL), in which case its MAC table knows the port. Only the
 * first bridge counts: behind a tunnel port the trace goes on into the underlay. Pure.
 */
export function readTrace(trace: string): { ports: string[]; learned: boolean } {
  const first = trace.split(/^bridge\(/m)[1] ?? '';
  const own = first.split(/^Final flow:/m)[0] ?? '';
  const found = [...own.matchAll(/^\s*output:"?([\w.-]+)"?\s*$/gm)].map((match) => match[1] ?? '');
  return { ports: [...new Set(found)], learned: /forwarding to learned port/.test(own) };
}

/** The port at which `fdb/show` lists a MAC address, or undefined. Pure. */
export function learnedPort(table: string, mac: string): string | undefined {
  const row = table.split('\n').find((line) => line.toLowerCase().includes(mac.toLowerCase()));
  return row?.trim().split(/\s+/)[0];
}

async function portNames(
  bridge: BridgeClient,
  node: string,
  numbers: string[],
  warn: (text: string) => void,
): Promise<string[]> {
  const listed = await bridge.vsctl(node, [
    '--format=json',
    '--columns=name,ofport',
    'list',
    'Interface',
  ]);
  const names = readPortNames(listed, numbers);
  if (names === null) warn(`The list of interfaces of ${node} by ovs-vsctl cannot be read.`);
  return names ?? [];
}

/** Names of the ports with these OpenFlow numbers (or names); null when the list is unreadable. */
export function readPortNames(listed: string, numbers: readonly string[]): string[] | null {
  const read = readBoundedJson(listed, interfaceListLimits);
  const table = 'value' in read ? interfaceList.safeParse(read.value) : null;
  if (!table?.success) return null;
  return table.data.data
    .filter(([name, ofport]) => numbers.includes(String(ofport)) || numbers.includes(name))
    .map(([name]) => name);
}
