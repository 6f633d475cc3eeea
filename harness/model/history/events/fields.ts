/** Fields and shapes that several events share. */
import * as z from 'zod';

/** CLOCK_MONOTONIC, nanoseconds. */
export const ns = z.number().nonnegative();
export const count = z.number().int().nonnegative();
export const direction = z.enum(['forward', 'reverse']);

/** Of every event. */
export const base = {
  atNs: ns,
  trial: z.number().int().nonnegative(),
  /** Which attempt at the trial; left out: the first, 0. */
  attempt: z.number().int().nonnegative().optional(),
};

/** Why a trial or a run ended early. */
export const endError = z
  .object({ code: z.string(), message: z.string(), hint: z.string().optional() })
  .nullable();
