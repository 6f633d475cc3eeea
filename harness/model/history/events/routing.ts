/** What routers did by themselves, as their packets, their kernels and their daemons' logs show it. */
import * as z from 'zod';
import { base } from './fields.js';

/** Messages by which routers exchange routes, and gateways their state. */
export const routingMessage = z.enum([
  'ospf-update',
  'bgp-update',
  'bgp-notification',
  'isis-lsp',
  'vrrp-advertisement',
]);

export const routingEvents = [
  /** A router received it; the stamp is the kernel's, of the packet. */
  z.object({
    ...base,
    kind: z.literal('observe.routing'),
    node: z.string(),
    port: z.string(),
    message: routingMessage,
  }),
  /** A daemon changed a route of its router's kernel; stamped when it was read. */
  z.object({
    ...base,
    kind: z.literal('observe.route'),
    node: z.string(),
    change: z.enum(['added', 'replaced', 'removed']),
    /** CIDR. */
    prefix: z.string(),
    /** Next hops; none where a route is removed. */
    via: z.array(z.string()),
    /**
     * Whose route it is: ospf, bgp, isis, static, bird; vrrp: a gateway took or left the address; arp:
     * the address is at another gateway for this host.
     */
    protocol: z.string(),
  }),
  /** A daemon logged that an adjacency came up or went down; the stamp is its own. */
  z.object({
    ...base,
    kind: z.literal('observe.adjacency'),
    node: z.string(),
    protocol: z.enum(['ospf', 'bgp', 'isis', 'vrrp']),
    /** As the daemon calls it: an id, an address or a name. */
    neighbour: z.string(),
    up: z.boolean(),
    text: z.string(),
  }),
  /** By what a router chooses among equal ways in this trial, as its kernel has it. */
  z.object({
    ...base,
    kind: z.literal('routing.hash'),
    node: z.string(),
    /** `net.ipv4.fib_multipath_hash_policy`: 0 = by addresses, 1 = by ports too. */
    policy: z.number().int().nonnegative(),
    /** Null = the kernel has a secret of its own (before Linux 6.11). */
    seed: z.number().int().nonnegative().nullable(),
  }),
] as const;
