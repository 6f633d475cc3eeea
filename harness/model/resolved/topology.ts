/** The network of a resolved scenario: nodes, links, tunnels, and what lies below tunnels. */
import * as z from 'zod';
import { mininetNote } from '../mininet-description.js';
import { type NodeWith, resolvedNode } from '../node-traits.js';
import { resolvedBond } from './bond.js';
import { resolvedVlan } from './vlan.js';

const name = z.string().min(1);

const linkShape = z.object({
  /** Bits per second, or null for no limit. */
  bandwidthBps: z.number().positive().nullable(),
  delayMs: z.number().nonnegative(),
  jitterMs: z.number().nonnegative(),
  lossPercent: z.number().min(0).max(100),
  /** Packets, or null for the kernel's default. */
  queuePackets: z.number().int().positive().nullable(),
  mtuBytes: z.number().int(),
});

/** A port is an interface's name; its number, where it is stated, is OpenFlow's. */
const linkEnd = z.object({
  node: name,
  port: name,
  number: z.number().int().nonnegative().optional(),
});

/** A veth pair between two nodes. Ports are interface names, `<node>-eth<N>`. */
export const resolvedLink = linkShape.extend({
  id: name,
  a: linkEnd,
  b: linkEnd,
  /** A bridge of the lab's own lies between the ends, so that neither sees the other go. */
  hidesCarrier: z.literal(true).optional(),
  /** What it costs routing protocols to cross it; left out: 10. */
  metric: z.number().int().positive().optional(),
  /** What of VLANs it carries; left out: no port of it has to do with VLANs. */
  vlan: resolvedVlan.optional(),
});

/**
 * A tunnel between two relays, over the fabric (`underlay` null) or over a cable (`underlay` is a
 * link between the same two relays). Port names are what `ovs-vsctl` shows on each side.
 */
export const resolvedTunnel = z.object({
  id: name,
  kind: z.enum(['gre', 'vxlan', 'geneve']),
  a: z.object({ node: name, port: name }),
  b: z.object({ node: name, port: name }),
  underlay: name.nullable(),
  key: z.number().int().nonnegative().nullable(),
  innerMtuBytes: z.number().int(),
  /** Static cost for controllers that take one, in milliseconds of delay; null = measure. */
  costMs: z.number().nonnegative().nullable(),
  /** Impairments of this tunnel's path through the underlay. */
  delayMs: z.number().nonnegative(),
  jitterMs: z.number().nonnegative(),
  lossPercent: z.number().min(0).max(100),
  bandwidthBps: z.number().positive().nullable(),
});

export const resolvedTopology = z.object({
  nodes: z.array(resolvedNode),
  links: z.array(resolvedLink),
  /** Links of a host that are one interface to it; left out: none. */
  bonds: z.array(resolvedBond).optional(),
  tunnels: z.array(resolvedTunnel),
  /** The IP network that joins the relays' NICs; null when there are no relays. */
  fabric: z.object({ subnet: z.string(), mtuBytes: z.number().int() }).nullable(),
  /** Set when the nodes come from a Mininet topology file: the bridge builds from it. */
  mininetFile: z
    .object({
      path: z.string(),
      topology: z.string(),
      arguments: z.array(z.unknown()),
      /** What is otherwise than under `mn --custom`; left out where nothing is. */
      notes: z.array(mininetNote).optional(),
    })
    .nullable(),
  /**
   * Set for a lab on the host itself (`--sandbox none`): stands before every name of the lab in the
   * host's network namespace. Ports of plain switches carry it already.
   */
  rootPrefix: z.string().optional(),
  /** BFD on tunnels; null = off. Both ends get the same values. */
  bfd: z
    .object({ intervalMs: z.number().positive(), multiplier: z.number().int().min(1) })
    .nullable(),
});

/** A node where traffic begins and ends. */
export type ResolvedHost = NodeWith<'end-point'>;
export type ResolvedLink = z.infer<typeof resolvedLink>;
export type ResolvedTunnel = z.infer<typeof resolvedTunnel>;
export type ResolvedTopology = z.infer<typeof resolvedTopology>;
