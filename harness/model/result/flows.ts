/** What iperf3 measured: around one change, and over the whole trial. */
import * as z from 'zod';
import { ending, ms, range } from './fields.js';

/** When TCP should move again, by its doubling retransmission timeouts. */
export const predictionSchema = z.discriminatedUnion('forecast', [
  /** None: the network did not recover, or only by a heal. */
  z.object({ forecast: z.literal('none'), untilHeal: z.boolean() }),
  z.object({ forecast: z.literal('no-stall') }),
  /** Which retransmission is the first to get through, so long after the last good packet. */
  z.object({
    forecast: z.literal('retransmission'),
    number: z.number(),
    outageMs: z.number(),
    afterMs: z.number(),
  }),
  /** A sentence in a result of an older version. */
  z.object({ forecast: z.literal('as-written'), text: z.string() }),
]);

export const tcpResultSchema = z.object({
  flow: z.string(),
  /**
   * Longest time without delivered bytes that overlaps the fault; null = censored: still stalled, or
   * moving only after the heal. Bytes may have moved again up to one interval later than it reads.
   */
  stallMs: ms,
  stallAtLeastMs: z.number(),
  /** The true stall lies within: the reading … one interval more. */
  stallRangeMs: range,
  /** How the stall ended. */
  stallEnding: ending,
  /** To the interval in which bytes moved again, whatever ended the stall; null = not seen. */
  stallWithHealMs: ms.default(null),
  /** Width of one iperf3 interval. */
  resolutionMs: z.number(),
  /** Fault → 90 % of the pre-fault rate, held for 5 s, not before the stall; null = not seen. */
  recoveredTo90Ms: ms,
  /** The same where it was seen only after the heal; null = seen before it, or not at all. */
  recoveredTo90AfterHealMs: ms.default(null),
  /** Fault → first delivered bytes after the stall. */
  movingAgainMs: ms,
  baselineBps: z.number(),
  bytesMissed: z.number(),
  recovered: z.boolean(),
  retransmits: z.number().nullable(),
  mssBytes: z.number().nullable(),
  /** The retransmission ladder's forecast from the network outage, measurement §5. */
  predictedStallMs: ms,
  prediction: predictionSchema,
  /** Median rate while the fault was in place. */
  rateDuringFaultBps: z.number().nullable(),
});

/** What one change did to one UDP flow, by iperf3's rows: the meter's numbers are finer. */
export const udpResultSchema = z.object({
  flow: z.string(),
  /** Longest time without a datagram received that overlaps the fault; null = still silent. */
  outageMs: ms,
  outageAtLeastMs: z.number(),
  /** How the outage ended. */
  outageEnding: ending,
  /** To the row in which datagrams arrived again, whatever ended the outage. */
  outageWithHealMs: ms.default(null),
  /** Width of one iperf3 interval, or of three datagrams where that is longer. */
  resolutionMs: z.number(),
  /** Null where iperf3's rows do not tell. */
  packetsSent: z.number().nullable(),
  packetsLost: z.number().nullable(),
  lossPercent: z.number().nullable(),
  /** Median of the intervals. */
  jitterMs: ms,
  baselineBps: z.number(),
  /** Median received rate while the fault was in place. */
  rateDuringFaultBps: z.number().nullable(),
  recovered: z.boolean(),
});

/** One flow over the whole trial; a bidirectional flow is two, the way back `<id>:reverse`. */
export const flowResultSchema = z.object({
  flow: z.string(),
  protocol: z.enum(['tcp', 'udp']),
  /** Sender and receiver of its data. */
  from: z.string(),
  to: z.string(),
  /**
   * First data (of rows that count, where some are omitted) and end of the last interval, after
   * traffic start; null = it never ran.
   */
  startedAtMs: ms,
  stoppedAtMs: ms,
  /** What the receiver got; null when it reported nothing. */
  bytesReceived: z.number().nullable(),
  receivedBps: z.number().nullable(),
  /** TCP alone. */
  retransmits: z.number().nullable(),
  /** UDP alone. A hole that lasts to the end is counted. */
  packetsSent: z.number().nullable(),
  packetsLost: z.number().nullable(),
  lossPercent: z.number().nullable(),
  /** UDP alone: median of the intervals, smoothed by iperf3 (RFC 3550 §6.4.1). */
  jitterMs: ms,
  /** The error that iperf3 printed. */
  error: z.string().nullable(),
  /** Each of several streams, in iperf3's order, by the receiver; left out where there is one. */
  streams: z
    .array(
      z.object({
        receivedBps: z.number(),
        /** Longest run of intervals without a byte of it, after the flow's first second. */
        longestSilenceMs: z.number(),
      }),
    )
    .optional(),
});

export type Prediction = z.infer<typeof predictionSchema>;
export type TcpResult = z.infer<typeof tcpResultSchema>;
export type UdpResult = z.infer<typeof udpResultSchema>;
export type FlowResult = z.infer<typeof flowResultSchema>;
