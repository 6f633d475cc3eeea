/**
 * Where a bridge of Open vSwitch would send a packet, by its own flow tables (`ofproto/trace`), and
 * by its MAC table where it forwards as a learning switch.
 */
import * as z from 'zod';
import { readBoundedJson } from '../../bounded-json.js';
import type { TracedPacket } from '../../model/network/traced-path.js';
import type { Warning } from '../../model/recorded/warning.js';
import type { BridgeClient } from '../mininet/client.js';
import { callVswitch } from './vswitch-control.js';

/** Rows of `ovs-vsctl --format=json`; a number that is not there yet is an empty set. */
const interfaceList = z.object({
  data: z.array(z.tuple([z.string(), z.union([z.number(), z.array(z.unknown())])])),
});
const interfaceListLimits = { characters: 16 * 1024 * 1024, depth: 16 };

/** A switch that answers at all answers within milliseconds. */
const answerLimitMs = 3000;

/** Names of the ports by which the bridge of a node would send the packet on. */
export async function openFlowOutputs(
  bridge: BridgeClient,
  node: string,
  inPort: string,
  packet: TracedPacket,
  warn: (warning: Warning) => void,
): Promise<string[]> {
  const { ovs } = bridge.node(node);
  if (!ovs) return [];
  const flow = `in_port="${inPort}",${packet.words}`;
  const call = (method: string, words: string[]) =>
    callVswitch(ovs.control, method, words, answerLimitMs);
  const trace = await call('ofproto/trace', ['--names', ovs.bridge, flow]);
  if ('problem' in trace) {
    if (trace.problem === 'unanswered') {
      warn({ code: 'trace-unanswered', data: { node, limitS: answerLimitMs / 1000 } });
    }
    return [];
  }
  const { ports, learned } = readTrace(trace.text);
  if (learned) {
    const table = await call('fdb/show', [ovs.bridge]);
    const port = 'text' in table ? learnedPort(table.text, packet.targetMac) : undefined;
    if (port) ports.push(port);
  }
  // A large instance has hundreds of interfaces, whose list takes longer than the trace.
  const known = ports.every((port) => !/^\d+$/.test(port));
  return known ? ports : portNames(bridge, node, ports, warn);
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
  warn: (warning: Warning) => void,
): Promise<string[]> {
  const listed = await bridge.vsctl(node, [
    '--format=json',
    '--columns=name,ofport',
    'list',
    'Interface',
  ]);
  const names = readPortNames(listed, numbers);
  if (names === null) warn({ code: 'interfaces-unreadable', data: { node } });
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
