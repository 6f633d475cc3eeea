/** What routers speak, with every timer a number: of a resolved scenario, for all rooms. */
import * as z from 'zod';

const ms = z.number().nonnegative();
const count = z.number().int().positive();

export const routingProtocols = z.object({
  ospf: z
    .object({
      helloMs: ms,
      /** Silence after which a neighbour counts as dead. */
      deadMs: ms,
      retransmitMs: ms,
      /** From a change to the first computation, and how the wait grows under further changes. */
      spfDelayMs: ms,
      spfHoldMs: ms,
      spfMaxMs: ms,
      /** At least so long between two versions of an own LSA, and between two that are accepted. */
      lsaIntervalMs: ms,
      /** After its start a router is used only where there is no other way; left out: it is used. */
      stubAtStartMs: ms.optional(),
      /** Of links with exactly two routers. */
      network: z.enum(['point-to-point', 'broadcast']),
    })
    .optional(),
  bgp: z
    .object({
      as: count,
      keepaliveMs: ms,
      holdMs: ms,
      connectRetryMs: ms,
      /** At least so long between two updates to a neighbour (MRAI). */
      advertiseMs: ms,
    })
    .optional(),
  isis: z
    .object({
      helloMs: ms,
      /** So many hellos may be missing. */
      multiplier: count,
      spfDelayMs: ms,
      spfHoldMs: ms,
      spfMaxMs: ms,
    })
    .optional(),
  /** On every session of the protocols above. */
  bfd: z.object({ intervalMs: ms, multiplier: count }).optional(),
  /** Of gateways: they share an address in each of their subnets. */
  vrrp: z
    .object({
      advertMs: ms,
      priority: count,
      /** It has the highest priority of those that it shares a subnet with. */
      master: z.boolean(),
      /** CIDR, and the number of the virtual router. */
      virtual: z.array(z.object({ port: z.string(), address: z.string(), group: count })),
    })
    .optional(),
  /** How many equal ways are used at once. */
  paths: count,
  static: z.array(z.object({ prefix: z.string(), via: z.string() })).optional(),
});

export const sessionProtocol = z.enum(['ospf', 'bgp', 'isis', 'bfd', 'vrrp']);

/** An adjacency or session as one end of it has it. */
export const routingSession = z.object({
  protocol: sessionProtocol,
  port: z.string(),
  /** The router at the other end, its interface there and the address of that. */
  neighbour: z.string(),
  neighbourPort: z.string(),
  address: z.string(),
});

export type RoutingProtocols = z.infer<typeof routingProtocols>;
export type RoutingSession = z.infer<typeof routingSession>;
export type SessionProtocol = z.infer<typeof sessionProtocol>;
