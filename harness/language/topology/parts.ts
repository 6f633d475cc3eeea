/**
 * What a topology is written with: nodes, links, tunnels and the network under the tunnels. A
 * topology is a list of parts; builders such as `ring` return lists, and lists may nest.
 */
import type { nodeDescriptors } from '../../kinds/generated/node-descriptors.js';
import type { ByteSize, Duration } from '../../model/units.js';
import type { BondPart } from './bond.js';
import type { LinkOptions, PlainLinkOptions, WireOptions } from './link-options.js';

export * from '../../kinds/generated/node-door.js';
export type { SwitchOptions } from '../../kinds/open-vswitch-node.js';
export * from './bond.js';
export type { LinkOptions, PlainLinkOptions, WireOptions } from './link-options.js';
export type { Vlan } from './vlan.js';

export interface LinkPart extends PlainLinkOptions {
  kind: 'link';
  a: string;
  b: string;
}

export interface TunnelOptions extends WireOptions {
  /** Name of the tunnel for faults and reports; left out: `gre-<a>-<b>`. */
  id?: string;
  /** Tunnel key (GRE) or network identifier (VXLAN, Geneve). A GRE key costs 4 bytes. */
  key?: number;
  /**
   * What carries it: the common `'fabric'` (no node sees lost carrier when the far end dies), or a
   * `cable(…)` of its own (both ends see carrier).
   */
  over?: 'fabric' | CablePart;
  /** A fixed cost for the controller, as a delay; left out: the controller measures it. */
  cost?: Duration;
}

export interface TunnelPart extends TunnelOptions {
  kind: 'gre' | 'vxlan' | 'geneve';
  a: string;
  b: string;
}

export interface CablePart extends LinkOptions {
  kind: 'cable';
}

export interface FabricPart {
  kind: 'fabric';
  /** Left out: `'172.31.0.0/16'`. */
  subnet?: string;
  /** MTU of the network under the tunnels; left out: `'1500B'`. */
  mtu?: ByteSize;
}

export interface BfdPart {
  kind: 'bfd';
  interval: Duration;
  multiplier: number;
}

export interface MininetPart {
  kind: 'mininet';
  file: string;
  topology: string;
  arguments: readonly unknown[];
}

/** A node of any kind, as it is written. */
type NodePart = ReturnType<(typeof nodeDescriptors)[number]['write']>;

export type TopologyPart =
  | NodePart
  | LinkPart
  | BondPart
  | TunnelPart
  | FabricPart
  | BfdPart
  | MininetPart;

/** Parts, in any nesting of lists. */
export type Topology = ReadonlyArray<TopologyPart | Topology>;

/**
 * A wire between two nodes, carrier seen at both ends unless it is hidden.
 *
 * @example
 * link('s1', 's2', { bandwidth: '50Mbit/s', loss: '0.1%' })
 * link('r1', 'r2', { carrier: 'hidden', metric: 20 })
 */
export const link = (a: string, b: string, options: PlainLinkOptions = {}): LinkPart => ({
  ...options,
  kind: 'link',
  a,
  b,
});

/**
 * A GRE tunnel between two relays: 38 bytes a packet, 42 with a key.
 *
 * @example
 * gre('e3', 'r1')
 * gre('e3', 'r2', { key: 7, bandwidth: '50Mbit/s' })
 */
export const gre = (a: string, b: string, options: TunnelOptions = {}): TunnelPart => ({
  ...options,
  kind: 'gre',
  a,
  b,
});

/**
 * A VXLAN tunnel between two relays: 50 bytes a packet.
 *
 * @example
 * vxlan('e3', 'r1', { key: 42 })
 */
export const vxlan = (a: string, b: string, options: TunnelOptions = {}): TunnelPart => ({
  ...options,
  kind: 'vxlan',
  a,
  b,
});

/**
 * A Geneve tunnel between two relays: 50 bytes a packet.
 *
 * @example
 * geneve('e3', 'r1', { key: 42 })
 */
export const geneve = (a: string, b: string, options: TunnelOptions = {}): TunnelPart => ({
  ...options,
  kind: 'geneve',
  a,
  b,
});

/**
 * A point-to-point wire for one tunnel to run over, in place of the fabric.
 *
 * @example
 * gre('e3', 'r1', { over: cable({ mtu: '1500B' }) })
 */
export const cable = (options: LinkOptions = {}): CablePart => ({ ...options, kind: 'cable' });

/**
 * The IP network under the tunnels. Without this part it is `172.31.0.0/16` with 1500 bytes.
 *
 * @example
 * fabric({ mtu: '1500B' })
 */
export const fabric = (options: Omit<FabricPart, 'kind'> = {}): FabricPart => ({
  ...options,
  kind: 'fabric',
});

/**
 * Bidirectional forwarding detection on every tunnel: a silent neighbour is declared dead after
 * about `multiplier` intervals. Below `'10ms'` it flaps by itself on small machines.
 *
 * @example
 * bfd('100ms', 3)
 */
export const bfd = (interval: Duration, multiplier = 3): BfdPart => ({
  kind: 'bfd',
  interval,
  multiplier,
});

/**
 * A topology from a Python file that follows the `topos = {…}` convention of `mn --custom`,
 * unchanged. `file` is relative to the scenario file. Faults, traffic and expectations name its
 * nodes. Reading it builds nothing: only Topo classes and entries of `topos` are called, and what
 * makes a network or starts a program meanwhile is refused. Port numbers, addresses, datapath ids
 * and options are Mininet's; what is not is printed by `validate` and in the report.
 *
 * @example
 * topology: [mininetTopology('./campus.py', 'campus', 3)]
 */
export const mininetTopology = (
  file: string,
  topology: string,
  ...parameters: unknown[]
): MininetPart => ({ kind: 'mininet', file, topology, arguments: parameters });
