/**
 * How much fits through a tunnel. Open vSwitch sets DF on what it encapsulates and does no path MTU
 * discovery, so what is too large is lost: `ping` works, TCP stalls at 0 bit/s.
 */

import { nodesWith } from '../node-traits.js';
import type { ResolvedTopology } from '../resolved.js';

export type TunnelKind = 'gre' | 'vxlan' | 'geneve';

/** Bytes that a tunnel adds to the inner IP packet, as terms of a sum. */
export interface Encapsulation {
  terms: ReadonlyArray<{ what: string; bytes: number }>;
  bytes: number;
}

/**
 * GRE: outer IPv4 20 + GRE 4 (RFC 2784), + 4 with a key (RFC 2890), + inner Ethernet 14. VXLAN
 * (RFC 7348) and Geneve without options (RFC 8926): 20 + UDP 8 + 8 + 14; their identifier is in
 * the header already.
 */
export function encapsulation(kind: TunnelKind, hasKey: boolean): Encapsulation {
  const outer = { what: 'outer IPv4', bytes: 20 };
  const inner = { what: 'inner Ethernet', bytes: 14 };
  const key = hasKey ? [{ what: 'GRE key', bytes: 4 }] : [];
  const middle =
    kind === 'gre'
      ? [{ what: 'GRE', bytes: 4 }, ...key]
      : [
          { what: 'UDP', bytes: 8 },
          { what: kind === 'vxlan' ? 'VXLAN' : 'Geneve', bytes: 8 },
        ];
  const terms = [outer, ...middle, inner];
  return { terms, bytes: terms.reduce((sum, term) => sum + term.bytes, 0) };
}

/** Largest inner IP packet, bytes. */
export function innerMtuBytes(kind: TunnelKind, hasKey: boolean, underlayMtuBytes: number): number {
  return underlayMtuBytes - encapsulation(kind, hasKey).bytes;
}

/** IPv4 20 + TCP 20: the largest MSS is the MTU less this (RFC 9293 §3.7.1). */
const tcpHeaders = 40;
/** IPv4 20 + UDP 8. */
const udpHeaders = 28;

/** Largest TCP segment through an MTU. */
export const largestMssBytes = (mtuBytes: number): number => mtuBytes - tcpHeaders;

/** Largest UDP payload through an MTU. */
export const largestDatagramBytes = (mtuBytes: number): number => mtuBytes - udpHeaders;

/** The sum for people: `1500 - 20 (outer IPv4) - 4 (GRE) - 14 (inner Ethernet) = 1462`. */
export function mtuSum(kind: TunnelKind, hasKey: boolean, underlayMtuBytes: number): string {
  const { terms, bytes } = encapsulation(kind, hasKey);
  const parts = terms.map(({ what, bytes: size }) => ` - ${size} (${what})`).join('');
  return `${underlayMtuBytes}${parts} = ${underlayMtuBytes - bytes}`;
}

/**
 * The largest packet that fits whatever way is taken between two hosts: other hosts' wires do not
 * count, nor the cables under tunnels.
 */
export function sureMtuBytes(
  topology: Pick<ResolvedTopology, 'nodes' | 'links' | 'tunnels'>,
  from: string,
  to: string,
): number {
  const { nodes, links, tunnels } = topology;
  const others = new Set(
    nodesWith(nodes, 'end-point')
      .map(({ name }) => name)
      .filter((name) => name !== from && name !== to),
  );
  const carriers = new Set(tunnels.map(({ underlay }) => underlay));
  const ways = links.filter(
    ({ id, a, b }) => !carriers.has(id) && !others.has(a.node) && !others.has(b.node),
  );
  return Math.min(
    ...tunnels.map(({ innerMtuBytes }) => innerMtuBytes),
    ...ways.map(({ mtuBytes }) => mtuBytes),
  );
}
