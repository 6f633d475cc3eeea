/** Reads what one side of an iperf3 test printed with `-J`, whole or not. Pure. */
import * as z from 'zod';
import { documentOfStream } from './streamed-document.js';
import { readTolerantJson } from './tolerant-json.js';
import { type Unreadable, UnreadableValues } from './unreadable.js';

/** Seconds since the test began. */
const seconds = z.number().min(0).max(1e9);
/** Read one by one: what cannot be read is unknown, and does not spoil the rest of its row. */
const single = z.unknown().optional();

const stream = z.object({
  start: seconds,
  end: seconds,
  bytes: z.number().int().min(-1e15).max(1e15),
  retransmits: single,
  lost_packets: single,
  /** UDP: sent, or, at the receiver, expected by their numbers. */
  packets: single,
  jitter_ms: single,
  /** True when this side sends on the stream. */
  sender: z.boolean(),
  /** Length of the row. */
  seconds: seconds.optional().catch(undefined),
  /** Of the time that `-O` leaves out. */
  omitted: z.boolean().optional().catch(undefined),
});
const interval = z.object({ streams: z.array(stream).min(1) });
const total = z.object({
  bytes: single,
  retransmits: single,
  packets: single,
  lost_packets: single,
  sender: z.boolean().optional(),
});
const perhapsTotal = total.optional().catch(undefined);
const endStream = z.object({ sender: perhapsTotal, receiver: perhapsTotal, udp: perhapsTotal });
const document = z.object({
  intervals: z.array(z.unknown()).default([]),
  end: z
    .object({ streams: z.array(endStream) })
    .partial()
    .optional()
    .catch(undefined),
  error: z.string().optional().catch(undefined),
});

/** One row of one direction: all its streams together. Its times count from the first data. */
export interface Iperf3Interval {
  startMs: number;
  endMs: number;
  bytes: number;
  /** Of each stream; left out where there is one. */
  streamBytes?: number[];
  /** Null where this side cannot know it. */
  retransmits: number | null;
  lostPackets: number | null;
  /** UDP: sent, or, at the receiver, received and missed together. */
  packets: number | null;
  /** UDP, at the receiver: smoothed (RFC 3550 §6.4.1), the mean of all streams. */
  jitterMs: number | null;
  /** It lies in the time that the flow omits, and does not count; left out where it counts. */
  omitted?: true;
}

/** One direction as seen by one side. */
export interface Iperf3Half {
  intervals: Iperf3Interval[];
  /** Totals are those of rows that count. */
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
  /** Values that are not what their field is to be; they are unknown in the rows. */
  unreadable: Unreadable[];
  /** Rows that are left out, since their times or bytes cannot be read. */
  rowsLeftOut: Unreadable[];
}

/**
 * Reads the output of one side. Never throws: what cannot be read is reported beside the rest.
 * @param omitMs What `-O` leaves out: iperf3 counts time from its end again.
 */
export function readIperf3Output(text: string, omitMs = 0): Iperf3Output {
  const streamed = text.startsWith('{"event"');
  const { value, flaw } = streamed
    ? { value: documentOfStream(text), flaw: null }
    : readTolerantJson(text);
  const read = document.safeParse(value);
  if (!read.success) {
    const what = flaw ?? 'The output is not the result of a test.';
    const nothing = { sent: null, received: null, error: null };
    return { ...nothing, flaw: what, unreadable: [], rowsLeftOut: [] };
  }
  const [values, left] = [new UnreadableValues(), new UnreadableValues()];
  const rows = read.data.intervals.flatMap((row) => {
    const parsed = interval.safeParse(row);
    if (parsed.success) return [parsed.data.streams];
    noteRow(row, parsed.error, left);
    return [];
  });
  const malformed = read.data.intervals.length - rows.length;
  const ends = read.data.end?.streams ?? [];
  return {
    sent: half(rows, ends, { sender: true, omitMs }, values),
    received: half(rows, ends, { sender: false, omitMs }, values),
    error: read.data.error ?? null,
    flaw: flaw ?? (malformed > 0 ? `${malformed} intervals are malformed.` : null),
    unreadable: values.list(),
    rowsLeftOut: left.list(),
  };
}

/** One interval of a stream of JSON objects (iperf3 3.17 and later); null for other lines. */
export function readIntervalStreams(
  data: unknown,
  omitMs: number,
): { sent: Iperf3Interval | null; received: Iperf3Interval | null } | null {
  const parsed = interval.safeParse(data);
  if (!parsed.success) return null;
  const { streams } = parsed.data;
  // What is unreadable is reported once, when the whole output is read.
  const values = new UnreadableValues();
  return {
    sent: row(streams, { sender: true, omitMs }, values),
    received: row(streams, { sender: false, omitMs }, values),
  };
}

type Stream = z.infer<typeof stream>;
type Total = z.infer<typeof total>;

/** Which rows are read, and what their times count from. */
interface Reading {
  sender: boolean;
  omitMs: number;
}

/** The row's first field that is not as it must be. A row without streams holds nothing to lose. */
function noteRow(written: unknown, error: z.ZodError, left: UnreadableValues): void {
  const path = error.issues[0]?.path ?? [];
  const field = path.at(-1);
  if (typeof field !== 'string' || field === 'streams') return;
  const value = path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown>)?.[key],
    written,
  );
  left.note(field, value);
}

function half(
  rows: readonly Stream[][],
  ends: readonly z.infer<typeof endStream>[],
  reading: Reading,
  values: UnreadableValues,
): Iperf3Half | null {
  const intervals = inOrder(rows.flatMap((streams) => row(streams, reading, values) ?? []));
  if (intervals.length === 0) return null;
  const { sender } = reading;
  const counted = intervals.filter(({ omitted }) => omitted !== true);
  const totals = ends.flatMap((end) => {
    const one = end.udp ?? (sender ? end.sender : end.receiver);
    return one && one.sender === sender ? [one] : [];
  });
  const ofEnds = (field: 'retransmits' | 'packets' | 'lost_packets') =>
    sumOrNull(totals.map((one) => values.count(field, one[field])));
  /**
   * The rows are right where the sum at the end is missing, and a sum is never below its rows. It
   * speaks alone where some of the rows cannot be read.
   */
  const totalOf = (
    field: 'packets' | 'lost_packets',
    ofRow: (one: Iperf3Interval) => number | null,
  ) => {
    const each = counted.map(ofRow);
    if (each.every((value) => value === null)) return null;
    const [byRows, byEnd] = [sumOrNull(each), ofEnds(field)];
    return byRows === null ? byEnd : Math.max(byRows, byEnd ?? 0);
  };
  return {
    intervals,
    // An interrupted UDP test sums up as 0 bytes; its rows know better.
    totalBytes: Math.max(bytesOf(totals, values), sum(counted.map((one) => one.bytes))),
    totalRetransmits:
      totals.length > 0 ? ofEnds('retransmits') : sumOrNull(counted.map((one) => one.retransmits)),
    totalPackets: totalOf('packets', (one) => one.packets),
    totalLostPackets: totalOf('lost_packets', (one) => one.lostPackets),
  };
}

function bytesOf(totals: readonly Total[], values: UnreadableValues): number {
  return sum(totals.map((one) => values.count('bytes', one.bytes) ?? 0));
}

/**
 * A server whose client was interrupted prints its last row twice; the second is dropped. The last
 * omitted row may end some milliseconds late, behind the start of the first that counts.
 */
function inOrder(intervals: readonly Iperf3Interval[]): Iperf3Interval[] {
  const kept: Iperf3Interval[] = [];
  for (const interval of intervals) {
    const before = kept.at(-1);
    const counts = before?.omitted === true && interval.omitted !== true;
    if (counts || interval.startMs >= (before?.endMs ?? 0) - 1) kept.push(interval);
  }
  return kept;
}

/** A row begins so much earlier than it says before its length is believed instead. */
const startSlipS = 0.005;

/**
 * Where the last omitted row is due at the end of the omission, iperf3 may leave it out. The next
 * row then starts, as printed, at its own end; it holds the bytes since the omission ended.
 */
function startS({ start, end, seconds = end - start }: Stream): number {
  return start - (end - seconds) > startSlipS ? Math.max(0, end - seconds) : start;
}

function row(
  streams: readonly Stream[],
  { sender, omitMs }: Reading,
  values: UnreadableValues,
): Iperf3Interval | null {
  const own = streams.filter((one) => one.sender === sender);
  const first = own[0];
  if (!first) return null;
  const summed = (field: 'retransmits' | 'packets' | 'lost_packets') =>
    sumOrNull(own.map((one) => values.count(field, one[field])));
  const omitted = first.omitted === true;
  const zeroMs = omitted ? 0 : omitMs;
  return {
    startMs: zeroMs + startS(first) * 1000,
    endMs: zeroMs + first.end * 1000,
    bytes: sum(own.map((one) => Math.max(0, one.bytes))),
    ...(own.length > 1 ? { streamBytes: own.map((one) => Math.max(0, one.bytes)) } : {}),
    retransmits: summed('retransmits'),
    lostPackets: summed('lost_packets'),
    packets: summed('packets'),
    jitterMs: meanOrNull(own.map((one) => values.milliseconds('jitter_ms', one.jitter_ms))),
    ...(omitted ? { omitted } : {}),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function meanOrNull(values: readonly (number | null)[]): number | null {
  const whole = sumOrNull(values);
  return whole === null ? null : whole / values.length;
}

/** Null unless every value is known. */
function sumOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length && known.length > 0 ? sum(known) : null;
}
