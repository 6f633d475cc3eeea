/**
 * What a topology is written with: nodes, links, tunnels and the network under the tunnels. A
 * topology is a list of parts; builders such as `ring` return lists, and lists may nest.
 */
import type { Bitrate, ByteSize, Duration, Percent } from '../../model/units.js';

/** What a piece of wire does to the packets on it. Left out: nothing. */
export interface WireOptions {
  /** Rate limit, at most `'1Gbit/s'`. A link queues what exceeds it (tbf), a tunnel drops it (nft). */
  bandwidth?: Bitrate;
  /** One-way delay. Needs `sch_netem` in the kernel; `failover-lab doctor` tells. */
  delay?: Duration;
  /** Variation of the delay; needs a `delay`. */
  jitter?: Duration;
  /** Random loss in each direction. Works without netem. */
  loss?: Percent;
}

export interface LinkOptions extends WireOptions {
  /** Name of the link for faults and reports; left out: `<a>-<b>`. */
  id?: string;
  /** Length of the queue in packets. */
  queue?: number;
  /** MTU of both ends; left out: `'1500B'`. */
  mtu?: ByteSize;
}

export interface HostOptions {
  /** Address with prefix length, `'10.99.0.3/24'`; left out: assigned as Mininet does. */
  address?: string;
  /** `'02:00:00:00:00:01'`; left out: assigned in order. */
  mac?: string;
  /** The switch or relay it is plugged into; same as a `link` beside it. */
  on?: string;
}

export interface HostPart extends HostOptions {
  kind: 'host';
  name: string;
}

export interface SwitchOptions {
  /** OpenFlow datapath id, up to 16 hex digits; left out: assigned in order. */
  dpid?: string;
  /** Loop protection of the switch's own. Left out: `'none'`. */
  spanningTree?: 'none' | 'stp' | 'rstp';
  /**
   * What the switch does without a controller: drop (`'secure'`) or learn (`'standalone'`). Left
   * out: `'secure'` with a controller, `'standalone'` without.
   */
  failMode?: 'secure' | 'standalone';
}

export interface SwitchPart extends SwitchOptions {
  kind: 'switch';
  name: string;
}

export interface RelayOptions extends SwitchOptions {
  /** Address on the underlay fabric, `'172.31.0.1/16'`; left out: assigned in order. */
  underlayAddress?: string;
}

export interface RelayPart extends RelayOptions {
  kind: 'relay';
  name: string;
}

export interface LinkPart extends LinkOptions {
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
   * What carries it: the common `'fabric'` (nobody sees lost carrier when the far end dies), or a
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

export type TopologyPart =
  | HostPart
  | SwitchPart
  | RelayPart
  | LinkPart
  | TunnelPart
  | FabricPart
  | BfdPart
  | MininetPart;

/** Parts, in any nesting of lists. */
export type Topology = ReadonlyArray<TopologyPart | Topology>;

/**
 * A host: an end of traffic, in a network namespace of its own.
 *
 * @example
 * host('h3', { address: '10.99.0.3/24', on: 'e3' })
 */
export const host = (name: string, options: HostOptions = {}): HostPart => ({
  ...options,
  kind: 'host',
  name,
});

/**
 * A plain Open vSwitch bridge; all of them share one ovs-vswitchd, as in plain Mininet.
 *
 * @example
 * ovsSwitch('s1', { spanningTree: 'rstp' })
 */
export const ovsSwitch = (name: string, options: SwitchOptions = {}): SwitchPart => ({
  ...options,
  kind: 'switch',
  name,
});

/**
 * Several switches without options.
 *
 * @example
 * switches('s1', 's2', 's3')
 */
export const switches = (...names: string[]): SwitchPart[] => names.map((name) => ovsSwitch(name));

/**
 * An overlay node: a machine of its own with its own ovs-vswitchd, reached by tunnels. It can lose
 * its power.
 *
 * @example
 * relay('r1', { dpid: '00000000000000a1' })
 */
export const relay = (name: string, options: RelayOptions = {}): RelayPart => ({
  ...options,
  kind: 'relay',
  name,
});

/**
 * Several relays without options.
 *
 * @example
 * relays('e3', 'r1', 'r2', 'e4')
 */
export const relays = (...names: string[]): RelayPart[] => names.map((name) => relay(name));

/**
 * A wire between two nodes, carrier seen at both ends.
 *
 * @example
 * link('s1', 's2', { bandwidth: '50Mbit/s', loss: '0.1%' })
 */
export const link = (a: string, b: string, options: LinkOptions = {}): LinkPart => ({
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
