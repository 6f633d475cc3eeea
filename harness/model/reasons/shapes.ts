/** Shapes that the data of several reasons share. */
import * as z from 'zod';

export const nothing = z.object({});
export const number = z.number();
export const direction = z.enum(['forward', 'reverse']);

/** One direction of one meter. */
export const meterDirection = { meter: z.string(), direction };

/** How a process ended: by a signal, or with a status. */
export const exit = {
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
};

/** What waited for a processor, for which share (0 to 1) of a span. */
export const waitedShape = z.object({
  who: z.enum(['controller', 'vswitchd']),
  share: z.number(),
});

/** Why a span was slow on this machine: something waited, or packets were dropped. */
export const starvedShape = z.union([waitedShape, z.object({ packetsDropped: z.number() })]);

export type Waited = z.infer<typeof waitedShape>;
export type Starved = z.infer<typeof starvedShape>;
