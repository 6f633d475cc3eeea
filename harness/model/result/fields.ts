/** Shapes that several parts of a result share. */
import * as z from 'zod';

/** Milliseconds; null = censored, or not measured. */
export const ms = z.number().nullable();

/** Both ends of what the true value lies in, milliseconds; null = no value, or an older result. */
export const range = z.tuple([z.number(), z.number()]).nullable().default(null);

/** How an interruption ended, see `judge/ending.ts`; null = nothing was interrupted, or an older result. */
export const ending = z
  .enum(['recovered', 'heal', 'unclear', 'deadline', 'open'])
  .nullable()
  .default(null);

export const verdictSchema = z.enum(['pass', 'fail', 'inconclusive']);

export type Verdict = z.infer<typeof verdictSchema>;
