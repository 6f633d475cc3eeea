/** The lines that the meter process prints, checked before anything believes them. */
import * as z from 'zod';
import { arrivalRange, arrivalSilence } from '../../model/history/events.js';

/** Longer than any honest line: 100 ms in which every second probe of 10 kHz is missing. */
export const maxLineLength = 64 * 1024;

const count = z.number().int().nonnegative();
const ns = z.number().nonnegative();
const direction = z.enum(['forward', 'reverse']);

const meterLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('meter.ready'), atNs: ns, priority: z.string() }),
  z.object({
    kind: z.literal('meter.sent'),
    atNs: ns,
    direction,
    firstSequence: count,
    count,
    firstTxNs: ns,
    lastTxNs: ns,
    maxLateNs: ns,
    errors: count,
    gaps: z.array(z.tuple([count, ns, ns])),
  }),
  z.object({
    kind: z.literal('meter.received'),
    atNs: ns,
    direction,
    ranges: z.array(arrivalRange),
    silences: z.array(arrivalSilence),
    duplicates: count,
    reordered: count,
    delayNs: z.object({ min: z.number(), median: z.number(), max: z.number() }).nullable(),
    /** Receive stamp of the last arrival; 0 when all were duplicates. */
    lastRxNs: ns,
  }),
  z.object({
    kind: z.literal('meter.end'),
    atNs: ns,
    direction,
    packetsSent: count,
    packetsReceived: count,
    cpuNs: ns,
    priority: z.string(),
  }),
]);

export type MeterLine = z.infer<typeof meterLine>;
export type MeterReceived = Extract<MeterLine, { kind: 'meter.received' }>;

/** Reads one line; null when it is not one of the meter's. */
export function readMeterLine(line: string): MeterLine | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const read = meterLine.safeParse(value);
  return read.success ? read.data : null;
}
