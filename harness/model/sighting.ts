/** What a moment of a recovery was seen by, or why it has no stamp. */
import * as z from 'zod';
import { portMod, portStatus } from './openflow-facts.js';

const source = z.enum(['receiver', 'sender', 'interface']);

export const sightingShape = z.discriminatedUnion('by', [
  z.object({ by: z.literal('bfd'), node: z.string(), port: z.string(), state: z.string() }),
  z.object({ by: z.literal('link'), node: z.string(), port: z.string(), state: z.string() }),
  /** A switch reports its port; null = the message was cut off. */
  z.object({ by: z.literal('port-status'), node: z.string(), status: portStatus.nullable() }),
  /** A controller sets a switch's port. */
  z.object({ by: z.literal('port-mod'), node: z.string(), mod: portMod.nullable() }),
  z.object({
    by: z.literal('controller-log'),
    controller: z.string(),
    /** The controller's own name for it. */
    event: z.string(),
    /** Of a link; null = the line names none. */
    ends: z.tuple([z.string(), z.string()]).nullable(),
    reason: z.string().nullable(),
  }),
  z.object({
    by: z.literal('table-change'),
    node: z.string(),
    message: z.enum(['flow-mod', 'group-mod']),
  }),
  /** Of routers: a daemon's log of a lost or new neighbour, a message received, a changed route. */
  z.object({
    by: z.literal('adjacency'),
    node: z.string(),
    protocol: z.string(),
    neighbour: z.string(),
    text: z.string(),
  }),
  z.object({ by: z.literal('routing-message'), node: z.string(), message: z.string() }),
  z.object({
    by: z.literal('route-change'),
    node: z.string(),
    change: z.enum(['added', 'replaced', 'removed']),
    prefix: z.string(),
  }),
  /** A host's bond sends by another member; null = by none. */
  z.object({
    by: z.literal('active-member'),
    node: z.string(),
    bond: z.string(),
    active: z.string().nullable(),
  }),
  /** The first good packet, by its send or its receive stamp. */
  z.object({
    by: z.literal('meter'),
    meter: z.string(),
    direction: z.enum(['forward', 'reverse']),
    stamp: z.enum(['send', 'receive']),
  }),
  /** The row of iperf3 in which bytes moved again. */
  z.object({ by: z.literal('iperf3'), source, resolutionMs: z.number() }),
  /** The rows from which on the rate was held. */
  z.object({ by: z.literal('iperf3-rate'), source, baselineBps: z.number() }),
  /** Not observed; `recoveredFirst`: not before traffic had recovered. */
  z.object({ by: z.literal('nothing'), recoveredFirst: z.boolean() }),
  /** It came only after the heal, so long after the fault. */
  z.object({ by: z.literal('heal'), afterMs: z.number() }),
  /** A sentence in a result of an older version. */
  z.object({ by: z.literal('as-written'), text: z.string() }),
]);

export type SeenBy = z.infer<typeof sightingShape>;
