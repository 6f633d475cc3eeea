/** The traffic of a resolved scenario: flows of iperf3, and the meter's probes. */
import * as z from 'zod';

const name = z.string().min(1);

/** One iperf3 client-server pair. */
export const resolvedFlow = z.object({
  id: name,
  protocol: z.enum(['tcp', 'udp']),
  from: name,
  to: name,
  /** Reverse mode: the server sends. */
  reverse: z.boolean(),
  bidirectional: z.boolean(),
  parallel: z.number().int().min(1).max(128),
  /** Bits per second over all streams, or null for unlimited. */
  bitrateBps: z.number().positive().nullable(),
  mssBytes: z.number().int().nullable(),
  /** UDP payload length. */
  lengthBytes: z.number().int().nullable(),
  intervalMs: z.number().positive(),
  port: z.number().int(),
  /** After traffic start; null = until the run stops traffic. */
  startMs: z.number().nonnegative(),
  stopMs: z.number().positive().nullable(),
  /** TCP's congestion control; left out: the kernel's default. */
  congestion: name.optional(),
  /** So long from its start no row counts; whole seconds. */
  omitMs: z.number().int().positive().optional(),
  /** Asked for as send and receive buffer of each socket. */
  windowBytes: z.number().int().positive().optional(),
  /** Differentiated services code point of the packets with data. */
  dscp: z.number().int().min(0).max(63).optional(),
  /** TCP: sent by sendfile(2). */
  zerocopy: z.literal(true).optional(),
});

/** One two-way meter pair. `forward` is from → to. */
export const resolvedMeter = z.object({
  id: name,
  from: name,
  to: name,
  rateHz: z.number().positive(),
  /**
   * `hosts`: probes run between the hosts' addresses; `own`: between their `meterAddress`es, as in
   * records made before there was a choice, where this is left out.
   */
  addresses: z.enum(['hosts', 'own']).optional(),
  payloadBytes: z.number().int().min(32),
  port: z.number().int(),
  /** Of several flows: how many. Probe n is of flow n modulo their number. */
  flows: z.number().int().min(2).optional(),
  /** Of several flows: the first of their ports at the `from` host. */
  flowPort: z.number().int().optional(),
});

export type ResolvedFlow = z.infer<typeof resolvedFlow>;
export type ResolvedMeter = z.infer<typeof resolvedMeter>;
