/** Why a gate came to its verdict. */
import * as z from 'zod';
import { processorUseSchema } from '../processor-use.js';
import { nothing, number } from './shapes.js';

/** Where a bound on a metric comes from. */
export const boundOriginShape = z.discriminatedUnion('from', [
  z.object({
    from: z.literal('bfd'),
    multiplier: number,
    intervalMs: number,
    allowanceMs: number,
  }),
  z.object({ from: z.literal('probes'), multiplier: number, allowanceMs: number }),
  z.object({
    from: z.literal('decisions'),
    everyMs: number,
    multiplier: number,
    allowanceMs: number,
  }),
  z.object({ from: z.literal('expectation'), text: z.string() }),
]);

/** An absolute bound that needs no baseline. */
export const boundShape = z.object({ limitMs: number, origin: boundOriginShape });

export type Bound = z.infer<typeof boundShape>;

/** Null = unbounded. */
const shift = number.nullable();
/** Virtual time: how much slower trials are than those of their seeds. */
const slowerThanSeed = {
  shiftMs: shift,
  pairs: number,
  /** Such as `h1 → h2`; left out: in both, or see `mean`, or the worse one of each trial. */
  direction: z.string().optional(),
  /** The mean of both directions, of which neither says it alone. */
  mean: z.literal(true).optional(),
};
const pairs = z.object({ pairs: number, needed: number, significance: number });

export const gateShapes = {
  'trials-censored': z.object({ censored: number, trials: number }),
  'bound-exceeded': z.object({ longestMs: number, bound: boundShape }),
  'no-bound': nothing,
  'too-few-pairs': pairs,
  slower: z.object({ shiftMs: shift, p: number }),
  'looks-slower': z.object({ shiftMs: shift, p: number }),
  'slowdown-possible': z.object({ shiftMs: shift, trials: number }),
  'slower-within-tolerance': z.object({ shiftMs: shift, toleranceMs: number }),
  faster: z.object({ byMs: shift }),
  /** Virtual time: every trial is slower than the one of its seed. */
  'slower-in-all': z.object(slowerThanSeed),
  /** Virtual time: so many trials are slower, the others are as they were. */
  'slower-in-most': z.object({ ...slowerThanSeed, slower: number }),
  /** Virtual time: some trials moved, and too few to tell what that means. */
  'some-moved': z.object({ slower: number, faster: number, pairs: number, needed: number }),
  'seeds-agree': z.object({ pairs: number, toleranceMs: number }),
  'seeds-differ': nothing,
  'not-measured-now': nothing,
  'not-in-baseline': nothing,
  'phases-differ': z.object({ periodMs: number.nullable() }),
  'too-few-trials': z.object({ valid: number, needed: number }),
  'too-many-invalid': z.object({ invalid: number, trials: number }),
  /** Nothing was compared. */
  'baseline-elsewhere': z.object({ differences: z.array(z.string()) }),
  'make-a-baseline': nothing,
  /** Judged by bounds alone. */
  'environment-differs': z.object({ differences: z.array(z.string()) }),
  'controller-changed': z.object({ before: z.string(), now: z.string() }),
  'seed-changed': z.object({ before: number, now: number }),
  /** What to do: the machine was too busy for this many trials. */
  'machine-busy': z.object({
    busy: number,
    trials: number,
    replaced: number,
    /** Of the trial beside which other programs used the most; left out where they were not counted. */
    processors: processorUseSchema.optional(),
  }),
} as const;
