/** Where the time of a recovery went, as data. `reports/explanation.ts` has the sentences. */
import * as z from 'zod';

const number = z.number();
const ms = number.nullable();

/** What a fault was detected by; `controller` where its log does not state how. */
export const detectedBySchema = z.enum([
  'bfd',
  'link-state',
  'probes',
  'lost-control-connection',
  'controller',
  'adjacency',
]);

/** What the network did when packets were lost after a heal. */
export const lossOccasionSchema = z.enum([
  'flow-change',
  'link-change',
  'heal',
  'drops',
  'machine',
  'nothing',
]);

/** Loss after a heal: the moments, after the heal was complete (negative: before that). */
export const returnLossPartSchema = z.object({
  packets: number,
  /** The first few. */
  momentsMs: z.array(number),
  moreMoments: number,
  occasions: z.array(z.object({ occasion: lossOccasionSchema, packets: number })),
});

/** What the heal answers for, and other loss; null = there was none. */
export const returnLossSchema = z.object({
  own: returnLossPartSchema.nullable(),
  other: returnLossPartSchema.nullable(),
});

/** The first detection; null = nothing was seen to detect the fault. */
const noticedSchema = z
  .object({ by: detectedBySchema.nullable(), afterMs: number, flowsChanged: z.boolean() })
  .nullable();

/** Traffic failed again and stayed up only from here on; `before`: it had come back before that. */
const relapseSchema = z.object({ untilMs: number, before: z.boolean() }).nullable();

/** A span between two phases of a recovery. */
export const segmentSchema = z.enum([
  'detection',
  'not-told',
  'no-flow-changed',
  'not-yet-changed',
  'unseen',
  'flows-changing',
  'flows-changed',
  'switches-alone',
  'not-observed',
]);

export const explanationSchema = z.discriminatedUnion('found', [
  z.object({ found: z.literal('no-meter') }),
  z.object({
    found: z.literal('no-outage'),
    until: z.enum(['end', 'heal', 'next-step']),
    /** Traffic took another way all the same: changes of routes, and when the first one was. */
    moved: z.object({ routeChanges: number, firstMs: number }).optional(),
  }),
  z.object({ found: z.literal('loss-only'), packets: number, lossPercent: number }),
  /** After a heal; `outageMs` null = no outage. */
  z.object({ found: z.literal('return-loss'), outageMs: ms, loss: returnLossSchema }),
  /** Dark to the heal; back so long after it (null = not seen). */
  z.object({
    found: z.literal('until-heal'),
    atLeastMs: number,
    backAfterHealMs: ms,
    noticed: noticedSchema,
    longerEndedMs: ms,
  }),
  /** It did not come back in time; `direction`: the one of both, null = both. */
  z.object({
    found: z.literal('never-back'),
    atLeastMs: number,
    direction: z.enum(['forward', 'reverse']).nullable(),
    noticed: noticedSchema,
    longerEndedMs: ms,
  }),
  z.object({ found: z.literal('too-short'), outageMs: number, resolutionMs: number }),
  /** `afterHealMs`: null = while the fault was being healed. */
  z.object({
    found: z.literal('back-with-heal'),
    afterHealMs: ms,
    endMs: number,
    noticed: noticedSchema,
    relapse: relapseSchema,
  }),
  z.object({ found: z.literal('no-phase'), outageMs: number, relapse: relapseSchema }),
  /** The phase that cost most; the controller's decision that ended it, on the traffic's clock. */
  z.object({
    found: z.literal('costliest'),
    segment: segmentSchema,
    costMs: number,
    endMs: number,
    detectedBy: detectedBySchema.nullable(),
    nextDecisionS: ms,
    /** Routers brought traffic back; left out: a controller, or switches. */
    routed: z.literal(true).optional(),
    /** A host's bond did. */
    bonded: z.literal(true).optional(),
    relapse: relapseSchema,
  }),
  /** A sentence in a result of an older version. */
  z.object({ found: z.literal('as-written'), text: z.string() }),
]);

export type DetectedBy = z.infer<typeof detectedBySchema>;
export type LossOccasion = z.infer<typeof lossOccasionSchema>;
export type ReturnLossPart = z.infer<typeof returnLossPartSchema>;
export type ReturnLoss = z.infer<typeof returnLossSchema>;
export type Segment = z.infer<typeof segmentSchema>;
export type Explanation = z.infer<typeof explanationSchema>;
export type Noticed = z.infer<typeof noticedSchema>;
export type Relapse = z.infer<typeof relapseSchema>;
