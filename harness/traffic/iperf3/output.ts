/** Reads what one side of an iperf3 test printed with `-J`, whole or not. Pure. */
import { z } from 'zod';
import { documentOfStream } from './streamed-document.js';
import { readTolerantJson } from './tolerant-json.js';

const stream = z.object({
  start: z.number(),
  end: z.number(),
  bytes: z.number(),
  retransmits: z.number().optional(),
  lost_packets: z.number().optional(),
  /** UDP: sent, or, at the receiver, expected by their numbers. */
  packets: z.number().optional(),
  jitter_ms: z.number().optional(),
  /** True when this side sends on the stream. */
  sender: z.boolean(),
});
const interval = z.object({ streams: z.array(stream).min(1) });
const total = z.object({
  bytes: z.number(),
  retransmits: z.number().optional(),
  packets: z.number().optional(),
  lost_packets: z.number().optional(),
  sender: z.boolean().optional(),
});
const endStream = z.object({
  sender: total.optional(),
  receiver: total.optional(),
  udp: total.optional(),
});
const document = z.object({
  intervals: z.array(z.unknown()).default([]),
  end: z
    .object({ streams: z.array(endStream) })
    .partial()
    .optional(),
  error: z.string().optional(),
});

/** One row of one direction: all its streams together. */
export interface Iperf3Interval {
  startMs: number;
  endMs: number;
  bytes: number;
  /** Null where this side cannot know it. */
  retransmits: number | null;
  lostPackets: number | null;
  /** UDP: sent, or, at the receiver, received and missed together. */
  packets: number | null;
  /** UDP, at the receiver: smoothed (RFC 3550 §6.4.1), the mean of all streams. */
  jitterMs: number | null;
}

/** One direction as seen by one side. */
export interface Iperf3Half {
  intervals: Iperf3Interval[];
  totalBytes: number | null;
  totalRetransmits: number | null;
  totalPackets: number | null;
  totalLostPackets: number | null;
}

export interface Iperf3Output {
  /** What this side sent; null when it does not send. */
  sent: Iperf3Half | null;
  /** What this side received; null when it does not receive. */
  received: Iperf3Half | null;
  /** iperf3's own error. */
  error: string | null;
  /** What is wrong with the output itself. */
  flaw: string | null;
}

/** Reads the output of one side. Never throws: what cannot be read is told in `flaw`. */
export function readIperf3Output(text: string): Iperf3Output {
  const streamed = text.startsWith('{"event"');
  const { value, flaw } = streamed
    ? { value: documentOfStream(text), flaw: null }
    : readTolerantJson(text);
  const read = document.safeParse(value);
  if (!read.success) {
    const what = flaw ?? 'The output is not that of a test.';
    return { sent: null, received: null, error: null, flaw: what };
  }
  const rows = read.data.intervals.flatMap((row) => {
    const parsed = interval.safeParse(row);
    return parsed.success ? [parsed.data.streams] : [];
  });
  const unread = read.data.intervals.length - rows.length;
  const ends = read.data.end?.streams ?? [];
  return {
    sent: half(rows, ends, true),
    received: half(rows, ends, false),
    error: read.data.error ?? null,
    flaw: flaw ?? (unread > 0 ? `${unread} intervals are malformed.` : null),
  };
}

/** One interval of a stream of JSON objects (iperf3 3.17 and later); null for other lines. */
export function readIntervalStreams(
  data: unknown,
): { sent: Iperf3Interval | null; received: Iperf3Interval | null } | null {
  const parsed = interval.safeParse(data);
  if (!parsed.success) return null;
  const { streams } = parsed.data;
  return { sent: row(streams, true), received: row(streams, false) };
}

type Stream = z.infer<typeof stream>;

function half(
  rows: readonly Stream[][],
  ends: readonly z.infer<typeof endStream>[],
  sender: boolean,
): Iperf3Half | null {
  const intervals = inOrder(rows.flatMap((streams) => row(streams, sender) ?? []));
  if (intervals.length === 0) return null;
  const totals = ends.flatMap((end) => {
    const one = end.udp ?? (sender ? end.sender : end.receiver);
    return one && one.sender === sender ? [one] : [];
  });
  /** The rows are right where the sum at the end is missing; a sum is never below its rows. */
  const totalOf = (
    ofEnd: (one: z.infer<typeof total>) => number | undefined,
    ofRow: (one: Iperf3Interval) => number | null,
  ) => {
    const byRows = sumOrNull(intervals.map(ofRow));
    const byEnd = sumOrNull(totals.map(ofEnd));
    return byRows === null ? null : Math.max(byRows, byEnd ?? 0);
  };
  return {
    intervals,
    // An interrupted UDP test sums up as 0 bytes; its rows know better.
    totalBytes: Math.max(
      sum(totals.map((one) => one.bytes)),
      sum(intervals.map((one) => one.bytes)),
    ),
    totalRetransmits: sumOrNull(
      totals.length > 0
        ? totals.map((one) => one.retransmits)
        : intervals.map((one) => one.retransmits),
    ),
    totalPackets: totalOf(
      (one) => one.packets,
      (one) => one.packets,
    ),
    totalLostPackets: totalOf(
      (one) => one.lost_packets,
      (one) => one.lostPackets,
    ),
  };
}

/** A server whose client was interrupted prints its last row twice; the second is dropped. */
function inOrder(intervals: readonly Iperf3Interval[]): Iperf3Interval[] {
  const kept: Iperf3Interval[] = [];
  for (const interval of intervals) {
    if (interval.startMs >= (kept.at(-1)?.endMs ?? 0) - 1) kept.push(interval);
  }
  return kept;
}

function row(streams: readonly Stream[], sender: boolean): Iperf3Interval | null {
  const own = streams.filter((one) => one.sender === sender);
  const first = own[0];
  if (!first) return null;
  return {
    startMs: first.start * 1000,
    endMs: first.end * 1000,
    bytes: sum(own.map((one) => Math.max(0, one.bytes))),
    retransmits: sumOrNull(own.map((one) => one.retransmits)),
    lostPackets: sumOrNull(own.map((one) => one.lost_packets)),
    packets: sumOrNull(own.map((one) => one.packets)),
    jitterMs: meanOrNull(own.map((one) => one.jitter_ms)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function meanOrNull(values: readonly (number | undefined)[]): number | null {
  const whole = sumOrNull(values);
  return whole === null ? null : whole / values.length;
}

/** Null unless every value is known; iperf3 reports -1 for what the kernel did not tell. */
function sumOrNull(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => typeof value === 'number' && value >= 0);
  return known.length === values.length && known.length > 0 ? sum(known as number[]) : null;
}
