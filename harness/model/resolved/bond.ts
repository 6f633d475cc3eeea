/** A bond: two or more links of a host that are one interface to it. Pure. */
import * as z from 'zod';

const name = z.string().min(1);

/** What a member is watched by. */
const bondMonitor = z.discriminatedUnion('by', [
  /** The carrier of each member, looked at every `everyMs` (miimon). */
  z.object({ by: z.literal('carrier'), everyMs: z.number().positive() }),
  /** An ARP request every `everyMs` to each target: a member over which none answers is down. */
  z.object({
    by: z.literal('arp'),
    everyMs: z.number().positive(),
    /** IPv4 addresses. */
    targets: z.array(name),
  }),
]);

export const resolvedBond = z.object({
  id: name,
  /** The host. */
  node: name,
  /** The host's interface; it has the host's addresses. */
  port: name,
  mode: z.enum(['active-backup', 'lacp']),
  /** In the order in which they were written: the link, and the host's end of it. */
  members: z.array(z.object({ link: name, port: name })),
  /** Link of the member that is active whenever it is up; null = the one that is active stays. */
  primary: name.nullable(),
  monitor: bondMonitor,
  /** How long a member must be down, or up again, before that counts. */
  downDelayMs: z.number().nonnegative(),
  upDelayMs: z.number().nonnegative(),
  /** Of LACP: how often an end wants to receive from the other: every 30 s or every second. */
  lacpRate: z.enum(['slow', 'fast']).nullable(),
});

export type ResolvedBond = z.infer<typeof resolvedBond>;
