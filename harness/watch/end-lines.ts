/** The lines that an end prints, checked before anything believes them, and moved to this clock. */
import * as z from 'zod';
import { readBoundedJson } from '../bounded-json.js';
import { type MeterLine, readMeterLine } from '../lab/traffic/meter-protocol.js';

const count = z.number().int().nonnegative();
const ns = z.number();
const words = z.string().max(500);

const endLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('end.hello'),
    line: count,
    python: words,
    kernel: words,
    host: words,
    peer: words,
    wallMs: z.number(),
    priority: words,
  }),
  z.object({ kind: z.literal('end.pong'), n: count, atNs: ns, wallMs: z.number() }),
  z.object({ kind: z.literal('end.heard'), line: count, address: words, port: count }),
  z.object({ kind: z.literal('end.stopped'), line: count, why: z.enum(['told', 'over', 'full']) }),
  z.object({ kind: z.literal('end.slept'), line: count, atNs: ns, ms: z.number() }),
  z.object({
    kind: z.literal('end.tally'),
    line: count,
    sent: count,
    received: count,
    cpuNs: z.number().nonnegative(),
  }),
  z.object({ kind: z.literal('end.gone') }),
  z.object({
    kind: z.literal('end.failed'),
    reason: z.enum(['python', 'port-taken', 'peer-unknown', 'gone', 'failed']),
    version: words.optional(),
    message: words.optional(),
  }),
]);

export type EndLine = z.infer<typeof endLine>;
export type SentOrReceived = Extract<MeterLine, { kind: 'meter.sent' | 'meter.received' }>;
export type FarLine = (EndLine | SentOrReceived) & { line?: number | undefined };

/** The longest honest line: 100 ms of probes of which every second is missing. */
export const endLineLimits = { characters: 64 * 1024, depth: 8 };

/** Null for what is not one of an end's. Stamps are still of its own clocks. */
export function readEndLine(text: string): FarLine | null {
  const read = readBoundedJson(text, endLineLimits);
  if (!('value' in read)) return null;
  const own = endLine.safeParse(read.value);
  if (own.success) return own.data;
  const number = z.object({ line: count }).safeParse(read.value);
  const meter = readMeterLine(text);
  if (!number.success || meter === null) return null;
  if (meter.kind !== 'meter.sent' && meter.kind !== 'meter.received') return null;
  return { ...meter, line: number.data.line };
}

/**
 * A meter's line with all stamps on this machine's clock. Send stamps are of the machine that sent,
 * receive stamps of the one that received: an outage is the difference of two of one machine.
 */
export function onThisClock(
  line: SentOrReceived,
  own: { offsetNs: number },
  other: { offsetNs: number },
): SentOrReceived {
  const atNs = line.atNs + own.offsetNs;
  if (line.kind === 'meter.sent') {
    return {
      ...line,
      atNs,
      firstTxNs: line.firstTxNs + own.offsetNs,
      lastTxNs: line.lastTxNs + own.offsetNs,
      gaps: line.gaps.map(([sequence, beforeNs, txNs]) => [
        sequence,
        beforeNs + own.offsetNs,
        txNs + own.offsetNs,
      ]),
    };
  }
  const betweenNs = own.offsetNs - other.offsetNs;
  const { delayNs } = line;
  return {
    ...line,
    atNs,
    ranges: line.ranges.map(([first, count, firstTxNs, lastTxNs, firstRxNs]) => {
      const sent = [firstTxNs + other.offsetNs, lastTxNs + other.offsetNs] as const;
      return firstRxNs === undefined
        ? [first, count, ...sent]
        : [first, count, ...sent, firstRxNs + own.offsetNs];
    }),
    silences: line.silences.map(([beforeNs, afterNs, txNs]) => [
      beforeNs + own.offsetNs,
      afterNs + own.offsetNs,
      txNs + other.offsetNs,
    ]),
    delayNs: delayNs && {
      min: delayNs.min + betweenNs,
      median: delayNs.median + betweenNs,
      max: delayNs.max + betweenNs,
    },
    lastRxNs: line.lastRxNs === 0 ? 0 : line.lastRxNs + own.offsetNs,
  };
}
