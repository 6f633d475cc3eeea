/** What was sent and what arrived. */
import * as z from 'zod';
import { base, count, direction, ns } from './fields.js';

/**
 * Consecutive numbers that arrived: the first one, how many, the send stamps of the first and the
 * last, and (since 0.1.0) the kernel's receive stamp of the first.
 */
export const arrivalRange = z.union([
  z.tuple([count, count, ns, ns]),
  z.tuple([count, count, ns, ns, ns]),
]);
/**
 * A time without an arrival, by the kernel's receive stamps: of the arrival before, and of the one
 * that ended it, with the send stamp of that one. A packet that waited was sent long before.
 */
export const arrivalSilence = z.tuple([ns, ns, ns]);

export const trafficEvents = [
  /** Send stamps of consecutive sequence numbers. `maxLateNs`: worst lateness of the sender. */
  z.object({
    ...base,
    kind: z.literal('meter.sent'),
    meter: z.string(),
    direction,
    firstSequence: count,
    count,
    firstTxNs: ns,
    lastTxNs: ns,
    maxLateNs: ns,
    /** Sends refused by the kernel; such numbers are lost packets. */
    errors: count,
    /**
     * Sends that came more than 5 ms after the one before: [sequence, send stamp of the one before,
     * own send stamp]. With it the analysis knows how sharp the edges of an outage are.
     */
    gaps: z.array(z.tuple([count, ns, ns])).optional(),
  }),
  /**
   * Arrivals in the order they came: runs of consecutive sequence numbers
   * [firstSequence, count, txNs of the first, txNs of the last].
   */
  z.object({
    ...base,
    kind: z.literal('meter.received'),
    meter: z.string(),
    direction,
    ranges: z.array(arrivalRange),
    duplicates: count,
    /** Arrivals with a number below the highest seen (RFC 4737 §3.3). */
    reordered: count,
    /** One-way delay over this window, kernel receive stamp minus send stamp. */
    delayNs: z.object({ min: z.number(), median: z.number(), max: z.number() }).nullable(),
    /** Arrivals that came more than 5 ms and an interval after the one before. */
    silences: z.array(arrivalSilence).optional(),
    /** Receive stamp of the last arrival; 0 when all were duplicates. */
    lastRxNs: ns.optional(),
  }),
  z.object({
    ...base,
    kind: z.literal('meter.end'),
    meter: z.string(),
    direction,
    packetsSent: count,
    packetsReceived: count,
    /** Processor time of sender and receiver. */
    cpuNs: ns,
    priority: z.string(),
  }),
  z.object({
    ...base,
    kind: z.literal('iperf.start'),
    flow: z.string(),
    side: z.enum(['sender', 'receiver']),
    argv: z.array(z.string()),
  }),
  /** `startMs`/`endMs` count from the flow's `iperf.aligned` event. */
  z.object({
    ...base,
    kind: z.literal('iperf.interval'),
    flow: z.string(),
    side: z.enum(['sender', 'receiver']),
    startMs: z.number(),
    endMs: z.number(),
    bytes: count,
    /** The same of each stream, in iperf3's order; left out where there is one. */
    streamBytes: z.array(count).optional(),
    retransmits: count.nullable(),
    lostPackets: count.nullable(),
    /** UDP: packets sent, or, at the receiver, received and missed together. */
    packets: count.nullable().optional(),
    /** UDP, at the receiver: smoothed (RFC 3550 §6.4.1). */
    jitterMs: z.number().nonnegative().nullable().optional(),
    /** It lies in the time that the flow omits, and counts in no result. */
    omitted: z.literal(true).optional(),
  }),
  /** When the flow's first byte moved, on the monotonic clock: zero of its intervals. */
  z.object({
    ...base,
    kind: z.literal('iperf.aligned'),
    flow: z.string(),
    startNs: ns,
    uncertaintyNs: ns,
  }),
  z.object({
    ...base,
    kind: z.literal('iperf.end'),
    flow: z.string(),
    side: z.enum(['sender', 'receiver']),
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
    /** Payload of a full segment by the sender's kernel: the MSS less options (12 as a rule). */
    mssBytes: z.number().nullable(),
    totalBytes: count.nullable(),
    totalRetransmits: count.nullable(),
    /** UDP: packets sent, or, at the receiver, received and missed together; and the missed ones. */
    totalPackets: count.nullable().optional(),
    totalLostPackets: count.nullable().optional(),
    error: z.string().nullable(),
  }),
  /** Bytes seen at the receiving host's interface so far: live view, and partial records. */
  z.object({
    ...base,
    kind: z.literal('traffic.sample'),
    host: z.string(),
    rxBytes: count,
    txBytes: count,
  }),
] as const;
