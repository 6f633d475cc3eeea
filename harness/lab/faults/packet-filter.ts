/**
 * Drops chosen packets with nftables on the netdev hooks, which see what Open vSwitch's userspace
 * datapath sends. (On the way in, its packet sockets would see packets before a filter could.)
 */

import { LabError } from '../../errors.js';
import { rootNames, tableMark } from '../../model/network/root-names.js';
import { nodeWith } from '../../model/node-traits.js';
import type { ResolvedLink, ResolvedTopology, ResolvedTunnel } from '../../model/resolved.js';
import type { BridgeClient } from '../mininet/client.js';
import type { Change, PreparedFault } from './fault.js';

export type Way = 'both' | 'forward' | 'reverse';

/** One place where packets of one direction pass. `node` null = the lab's root namespace. */
export interface DropPoint {
  node: string | null;
  device: string;
  hook: 'ingress' | 'egress';
  /** nft match that picks this direction's packets; empty = everything. */
  match: string;
}

/** Where the packets of a link or tunnel pass, in the wanted directions. Pure. */
export function dropPoints(
  topology: ResolvedTopology,
  link: ResolvedLink | ResolvedTunnel,
  way: Way,
): DropPoint[] {
  const ends = [
    ...(way === 'reverse' ? [] : [{ from: link.a, to: link.b }]),
    ...(way === 'forward' ? [] : [{ from: link.b, to: link.a }]),
  ];
  return ends.map(({ from, to }) => {
    if (!('underlay' in link)) return egress(from.node, from.port);
    if (link.underlay === null) return onFabric(topology, from.node, to.node);
    const cable = topology.links.find((one) => one.id === link.underlay);
    const port = cable?.a.node === from.node ? cable.a.port : cable?.b.port;
    if (port === undefined) throw new LabError('INTERNAL', `${link.id} has no underlay.`);
    return egress(from.node, port);
  });
}

function egress(node: string, device: string): DropPoint {
  return { node, device, hook: 'egress', match: '' };
}

/** On the fabric a tunnel is a pair of addresses; its packets leave by the far relay's port. */
function onFabric(topology: ResolvedTopology, from: string, to: string): DropPoint {
  const match = `ip saddr ${addressOf(topology, from)} ip daddr ${addressOf(topology, to)}`;
  return { node: null, device: rootNames(topology).fabricPort(to), hook: 'egress', match };
}

function addressOf(topology: ResolvedTopology, name: string): string {
  const node = nodeWith(topology.nodes, name, 'fabric-address');
  if (!node) throw new LabError('INTERNAL', `${name} has no address in the fabric.`);
  return node.underlayAddress.split('/')[0] ?? '';
}

/**
 * Where the inner Ethernet frame of a tunnel's packets begins: bytes from the outer IP header on,
 * behind 20 of IP and the tunnel's header. Pure.
 */
export function innerFrameByte({ kind, key }: Pick<ResolvedTunnel, 'kind' | 'key'>): number {
  return 20 + (kind === 'gre' ? (key === null ? 4 : 8) : 16);
}

/** An nft table for the points of one namespace, with a lab's mark. `statement` says what happens to a match. Pure. */
export function ruleset(table: string, points: DropPoint[], statement: string): string {
  const chains = points.map(
    ({ device, hook, match }, index) =>
      `  chain point${index} {\n    type filter hook ${hook} device "${device}" priority 0; policy accept;\n    ${[match, statement].filter(Boolean).join(' ')}\n  }`,
  );
  return `table netdev ${table} {\n  chain ${tableMark} {\n  }\n${chains.join('\n')}\n}\n`;
}

const nftTimeoutMs = 5000;

/**
 * A filter at all points, which is read back, and its removal.
 * @param statement nft statement such as `counter drop`.
 */
export function packetFilter(
  bridge: BridgeClient,
  faultId: string,
  wanted: readonly DropPoint[],
  statement: string,
): PreparedFault {
  // A table is made once in each namespace, and plain switches share the lab's root namespace.
  const points = wanted.map((point) => ({ ...point, node: namespaceOf(bridge, point.node) }));
  const table = `${bridge.tablePrefix}lab_${faultId.replaceAll(/[^A-Za-z0-9]/g, '_')}`;
  const nodes = [...new Set(points.map((point) => point.node))];
  return {
    async inject() {
      const { stamps, outputs } = await eachNode(nodes, async (node) => {
        const own = points.filter((point) => point.node === node);
        return bridge.run(node, ['nft', '-f', '-'], nftTimeoutMs, ruleset(table, own, statement));
      });
      const refused = outputs.find((output) => output.status !== 0);
      const listed = await Promise.all(nodes.map((node) => listTable(bridge, node, table)));
      const chains =
        listed
          .map((text) => text ?? '')
          .join('\n')
          .split('chain point').length - 1;
      const verified = refused === undefined && chains === points.length;
      const places = points.map(({ device, hook }) => ({ device, hook }));
      const data = { places, listed: chains, refused: refused?.stderr.trim() ?? null };
      return { ...stamps, verified, evidence: { code: 'filter-set', data } };
    },
    heal: () => removeFilter(bridge, nodes, table),
  };
}

/** By the name of a node; null = the lab's root namespace. */
function namespaceOf(bridge: BridgeClient, node: string | null): string | null {
  return node === null || bridge.node(node).pid === null ? null : node;
}

/** Removes the table wherever it stands; that it stands nowhere is fine as well. */
async function removeFilter(
  bridge: BridgeClient,
  nodes: Array<string | null>,
  table: string,
): Promise<Change> {
  const before = await Promise.all(nodes.map((node) => listTable(bridge, node, table)));
  const counted = before.map((text) => text ?? '').join('\n');
  const dropped = [...counted.matchAll(/counter packets (\d+)/g)].reduce(
    (sum, hit) => sum + Number(hit[1]),
    0,
  );
  const removed = await eachNode(nodes, (node) =>
    bridge.run(node, ['nft', 'delete', 'table', 'netdev', table], nftTimeoutMs),
  );
  const left = await Promise.all(nodes.map((node) => listTable(bridge, node, table)));
  const gone = left.every((text) => text === '');
  const unanswered = removed.outputs.find(({ status }) => status !== 0)?.stderr.trim() ?? '';
  const refused = left.includes(null) ? unanswered : null;
  const evidence = { code: 'filter-removed' as const, data: { dropped, gone, refused } };
  return { ...removed.stamps, verified: gone, evidence };
}

/** A table's text; empty when there is no such table, null when nft does not answer. */
async function listTable(
  bridge: BridgeClient,
  node: string | null,
  table: string,
): Promise<string | null> {
  const all = await bridge.run(node, ['nft', 'list', 'tables', 'netdev'], nftTimeoutMs);
  if (all.status !== 0) return null;
  const names = all.stdout.split('\n').map((line) => line.trim());
  if (!names.includes(`table netdev ${table}`)) return '';
  const done = await bridge.run(node, ['nft', 'list', 'table', 'netdev', table], nftTimeoutMs);
  return done.status === 0 ? done.stdout : null;
}

async function eachNode<T extends { beforeNs: number; afterNs: number }>(
  nodes: Array<string | null>,
  act: (node: string | null) => Promise<T>,
): Promise<{ stamps: { beforeNs: number; afterNs: number }; outputs: T[] }> {
  const outputs: T[] = [];
  for (const node of nodes) outputs.push(await act(node));
  const beforeNs = Math.min(...outputs.map((output) => output.beforeNs));
  const afterNs = Math.max(...outputs.map((output) => output.afterNs));
  return { stamps: { beforeNs, afterNs }, outputs };
}
