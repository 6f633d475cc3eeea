/** What was expected and came out, and whether the measurement can be trusted. */
import * as z from 'zod';
import { detailSchema } from '../reading-detail.js';
import { reasonSchema } from '../reason.js';
import { trialStatusSchema } from '../trial-status.js';
import { ms, verdictSchema } from './fields.js';

export const expectationResultSchema = z.object({
  id: z.string(),
  text: z.string(),
  verdict: verdictSchema,
  /** Null = no sample, or censored: then it is longer than `atLeast`. */
  measured: z.number().nullable(),
  /** Lower bound of a censored measurement. */
  atLeast: z.number().nullable().default(null),
  /** It is censored because only the heal ended it. */
  untilHeal: z.boolean().default(false),
  /** The bound, and how far the measurement stayed inside it (negative = outside). */
  bound: z.number().nullable(),
  margin: z.number().nullable(),
  unit: z.string(),
  /** What there is to add to the measurement, or why there is none; null = nothing. */
  detail: detailSchema.nullable(),
});

export const standardsSchema = z.object({
  rfc6414: z.object({
    failoverTimeMs: ms,
    failoverPacketLoss: z.number(),
    reversionTimeMs: ms,
    reversionPacketLoss: z.number().nullable(),
    additiveBackupDelayMs: ms,
    method: z.literal('TBM'),
  }),
  rfc8456: z.object({
    forwardDisruptionMs: ms,
    reverseDisruptionMs: ms,
    maximumMs: ms,
    reprovisioningTimeMs: ms,
    lostForward: z.number(),
    lostReverse: z.number(),
  }),
  rfc6413: z.object({
    method: z.string(),
    /** The actual value lies in [reading + lowMs, reading + highMs]. */
    accuracyMs: z.object({ low: z.number(), high: z.number() }),
    packetSamplingIntervalMs: z.number(),
    sustainedValidationMs: z.number(),
    forwardingDelayThresholdMs: z.number(),
  }),
});

export const fidelitySchema = z.object({
  ok: z.boolean(),
  /** Why not. */
  reasons: z.array(reasonSchema),
  worstSendLatenessMs: z.number(),
  worstSendGapMs: z.number(),
  cpuSomePercentMax: z.number().nullable(),
  baselinePacketsLost: z.number(),
  bfdFlapsOutsideFault: z.number(),
  meterCpuPercent: z.number().nullable(),
});

/** A further attempt at a trial, which does not count: it stays in the record and is shown. */
export const attemptSchema = z.object({
  /** 0 = the first. */
  attempt: z.number(),
  status: trialStatusSchema,
  verdict: verdictSchema,
  reasons: z.array(reasonSchema),
  invalid: z.array(reasonSchema),
});

/** An attempt at a trial that does not count: which of how many, from 0, and why. */
export const uncountedAttemptSchema = z.object({
  index: z.number(),
  attempt: z.number(),
  attempts: z.number(),
  status: trialStatusSchema,
  reason: reasonSchema.nullable(),
});

export type ExpectationResult = z.infer<typeof expectationResultSchema>;
export type Standards = z.infer<typeof standardsSchema>;
export type Fidelity = z.infer<typeof fidelitySchema>;
export type UncountedAttempt = z.infer<typeof uncountedAttemptSchema>;
export type Attempt = z.infer<typeof attemptSchema>;
