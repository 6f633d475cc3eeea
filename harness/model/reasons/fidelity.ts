/** Why the numbers of a trial cannot be trusted: the meter, the machine, or the network before the fault. */
import * as z from 'zod';
import { meterDirection, nothing, number, starvedShape, waitedShape } from './shapes.js';

const quantity = { text: z.string(), measured: number.nullable(), unit: z.string() };

export const fidelityShapes = {
  'sender-stood-still': z.object({ worstMs: number, limitMs: number }),
  'sender-late': z.object({ lateMs: number, percent: number, limitPercent: number }),
  'clock-stepped': nothing,
  'edges-late': z.object({ lateMs: number, limitMs: number, ...meterDirection }),
  /** Two readings of one outage, by send stamps and by lost packets. */
  'readings-disagree': z.object({
    byStampsMs: number.nullable(),
    byPacketsMs: number,
    limitMs: number,
    starved: starvedShape.nullable(),
    ...meterDirection,
  }),
  'processor-pressure': z.object({ percent: number, limitPercent: number, lateMs: number }),
  /** `waited`: how often as long as they ran switches and controllers waited; else by pressure. */
  'too-many-labs': z.union([
    z.object({ labs: number, waited: number, limit: number }),
    z.object({ labs: number, percent: number, limitPercent: number }),
  ]),
  'outage-before-fault': z.object({ lastedMs: number, ...meterDirection }),
  'loss-before-fault': z.object({
    lost: number,
    sent: number,
    limitPercent: number,
    /** This machine dropped at most this many of them, and the rest is within the limit; else null. */
    droppedByMachine: number.nullable(),
  }),
  /** `byMachine`: each followed drops of this machine, or a long wait. */
  'bfd-flaps': z.object({ times: number, byMachine: z.boolean() }),
  /** This machine dropped packets, and without that the trial might be judged otherwise. */
  'machine-drops': z.discriminatedUnion('of', [
    z.object({ of: z.literal('expectation'), ...quantity, without: number.nullable() }),
    z.object({ of: z.literal('tcp'), ...quantity, packets: number }),
    z.object({ of: z.literal('recovery'), sustainedMs: number, ...meterDirection }),
    /** `afterStep`: null = the whole traffic. */
    z.object({
      of: z.literal('outage'),
      afterStep: z.string().nullable(),
      outageMs: number,
      withoutMs: number,
      limitMs: number,
      ...meterDirection,
    }),
  ]),
  'waited-for-processor': z.object({ ...quantity, waited: waitedShape, bound: number }),
  /** So far: the meter has not reported up to the moment in question. */
  'meter-behind': nothing,
} as const;
