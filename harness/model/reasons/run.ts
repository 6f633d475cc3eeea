/** Why a run as a whole, or one put together from parts, proves less than it should. */
import * as z from 'zod';
import { nothing, number } from './shapes.js';

export const runShapes = {
  'history-cut-off': nothing,
  'run-interrupted': nothing,
  'run-failed': z.object({ message: z.string().nullable() }),
  /** Processes, interfaces or mounts that are still there. */
  'left-behind': z.object({ names: z.array(z.string()) }),
  /** Of the planned trials, this many were started, or are in the runs that were joined. */
  'trials-missing': z.object({
    trials: number,
    planned: number,
    counted: z.enum(['started', 'merged']),
  }),
  'plan-unknown': nothing,
  /** A sentence in a result of an older version. */
  'as-written': z.object({ text: z.string(), code: z.string().optional() }),
} as const;
