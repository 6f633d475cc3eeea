/** What a valid trial's verdict follows from, and what is remarked beside it. */
import * as z from 'zod';
import { processId } from '../process-id.js';
import { detailSchema } from '../reading-detail.js';
import { exit, meterDirection, nothing, number } from './shapes.js';

const expectation = z.object({
  id: z.string(),
  text: z.string(),
  measured: number.nullable(),
  bound: number.nullable(),
  unit: z.string(),
  /** Why there is no number; null = there is one. */
  detail: detailSchema.nullable(),
});

export const verdictShapes = {
  'expectation-failed': expectation,
  'expectation-open': expectation,
  /** No packet got through at the end of the traffic. */
  'dark-at-end': z.object({ from: z.string(), to: z.string(), sinceMs: number, forMs: number }),
  'never-recovered': z.object(meterDirection),
  /** Dark until a heal, without an expectation about it: a remark. */
  'recovered-by-heal': z.object({ ...meterDirection, atLeastMs: number }),
  'oversize-stall': z.object({ flow: z.string(), mssBytes: number.nullable() }),
  'controller-ended': z.object({ process: processId, ...exit, atMs: number }),
  /** The meter's probes kept flows with an idle timeout alive. */
  'flows-kept-alive': z.object({
    shortestS: number,
    longestS: number,
    meters: z.array(z.object({ id: z.string(), rateHz: number })),
    from: z.string(),
    to: z.string(),
    sparseRateHz: number,
  }),
  /** So far: why a change has not recovered. */
  'not-sustained-yet': z.object({
    from: z.string(),
    to: z.string(),
    outageMs: number,
    sustainedMs: number,
  }),
  'dark-so-far': z.object({
    from: z.string(),
    to: z.string(),
    atLeastMs: number,
    untilHeal: z.boolean(),
  }),
  'not-all-recovered': nothing,
} as const;
