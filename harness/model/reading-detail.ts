/** What there is to add to the number that an expectation is about, or why there is none. */
import * as z from 'zod';
import { sightingShape } from './sighting.js';

const number = z.number();
const nothing = z.object({});

/** What an interruption was read from. */
const interruption = z.enum(['outage', 'stall', 'rate', 'datagrams']);

/** A flow that the plan does not have running when a change comes. */
export const absenceShape = z.discriminatedUnion('why', [
  z.object({ flow: z.string(), why: z.literal('stopped'), atMs: number }),
  z.object({ flow: z.string(), why: z.literal('started-after'), atMs: number }),
  z.object({ flow: z.string(), why: z.literal('started-shortly-before'), beforeMs: number }),
]);

export const detailShapes = {
  'seen-by': z.object({ sighting: sightingShape }),
  'never-healed': nothing,
  'step-not-reached': nothing,
  'over-all-switches': nothing,
  'over-all-routers': nothing,
  'over-all-flows': nothing,
  'on-control-channels': nothing,
  'no-controller-hit': nothing,
  'no-master': z.object({ afterMs: number }),
  'flows-absent': z.object({ flows: z.array(absenceShape) }),
  /** `of`: the meter or flow that was named; null = any. */
  'not-measured': z.object({ of: z.string().nullable(), by: z.enum(['meter', 'iperf3']) }),
  'worst-direction': nothing,
  'no-receive-stamps': nothing,
  'silent-to-the-end': z.object({ forMs: number }),
  'by-arrivals': nothing,
  /** Censored. `anotherMs`: one that ended by itself was longer; null = none was. */
  'not-over': z.object({
    of: interruption,
    openMs: number,
    untilHeal: z.boolean(),
    anotherMs: number.nullable(),
  }),
  /** `rangeMs`: what the true value lies in; null = the resolution gives it. */
  'interruption-read': z.object({
    of: interruption,
    rangeMs: z.tuple([number, number]).nullable(),
    resolutionMs: number,
    /** Whether the heal ended it cannot be decided. */
    unclear: z.boolean(),
  }),
  'dark-at-the-end': z.object({ dark: z.boolean() }),
  'small-packets-unmeasured': nothing,
  'small-packets-lost': nothing,
  'tcp-moved': z.object({ moved: z.boolean() }),
  'rows-without-loss': nothing,
  'by-datagrams': nothing,
  'slowest-flow': nothing,
  /** Nothing measures it; `udp`: of a UDP flow. */
  'metric-unmeasured': z.object({ metric: z.string(), udp: z.boolean() }),
  /** A sentence in a result of an older version. */
  'as-written': z.object({ text: z.string() }),
} as const;

export type DetailCode = keyof typeof detailShapes;
export type DetailData<C extends DetailCode> = z.infer<(typeof detailShapes)[C]>;

export type Detail = {
  [C in DetailCode]: { code: C; data: DetailData<C> };
}[DetailCode];

export type Absence = z.infer<typeof absenceShape>;
export type Interruption = z.infer<typeof interruption>;

const shapes = Object.entries(detailShapes).map(([code, data]) =>
  z.object({ code: z.literal(code), data }),
);

export const detailSchema = z.discriminatedUnion(
  'code',
  shapes as [(typeof shapes)[number], ...typeof shapes],
) as unknown as z.ZodType<Detail, Detail>;

export function detail<C extends DetailCode>(code: C, data: DetailData<C>): Detail {
  return { code, data } as Detail;
}
