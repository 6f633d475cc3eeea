/** What a gate says; `failover-lab gate --json` prints it. */
import * as z from 'zod';
import { reasonSchema } from '../../model/reason.js';
import { boundShape } from '../../model/reasons/gate.js';
import {
  summarySchema,
  totalMachineLossSchema,
  uncountedAttemptSchema,
} from '../../model/result.js';
import { fingerprintSchema } from './baseline.js';
import { gateMetrics } from './readings.js';

/**
 * `regression`: slower than the baseline. `fail`: an absolute bound is broken, whatever the
 * baseline says. `inconclusive`: no answer, which is never a pass.
 */
export const gateVerdictSchema = z.enum(['pass', 'fail', 'regression', 'inconclusive']);

export const gateVersion = 2;

const ms = z.number().nullable();

export const gateMetricSchema = z.object({
  metric: z.enum(gateMetrics),
  label: z.string(),
  baseline: summarySchema,
  now: summarySchema,
  method: z.enum(['paired', 'unpaired', 'same-seed', 'bounds']),
  /** Pairs, or the size of the smaller arm. */
  n: z.number(),
  /** Hodges–Lehmann; null when it was not compared or is unbounded. */
  shiftMs: ms,
  /** 95 %; a bound of null is infinite. */
  shiftIntervalMs: z.tuple([ms, ms]).nullable(),
  /** The shift is infinite: trials that recovered in the baseline do not recover now. */
  unbounded: z.boolean(),
  /**
   * A smaller shift never fails: max(5 % of the baseline's median, 20 ms, one reading's width); in
   * virtual time two readings' widths, for the network outage.
   */
  toleranceMs: z.number(),
  /** One-sided. */
  p: z.number().nullable(),
  /** `same-seed`: pairs that differ by more than the tolerance. */
  moved: z.object({ slower: z.number(), faster: z.number() }).optional(),
  bound: boundShape.nullable(),
  verdict: gateVerdictSchema,
  reasons: z.array(reasonSchema),
  /** Both arms per stratum, for a chart; empty when unpaired. */
  pairs: z.array(z.object({ stratum: ms, phaseOffsetMs: ms, baselineMs: ms, nowMs: ms })),
});

export const gateResultSchema = z.object({
  schemaVersion: z.literal(gateVersion),
  scenario: z.string(),
  controller: z.string(),
  seed: z.number(),
  verdict: gateVerdictSchema,
  reasons: z.array(reasonSchema),
  /** The environments differ, which was not allowed: nothing was compared. */
  refused: z.boolean(),
  /** The trials have been doubled already. */
  doubled: z.boolean(),
  environment: z.object({
    baseline: fingerprintSchema,
    now: fingerprintSchema,
    differences: z.array(z.string()),
  }),
  trials: z.object({
    valid: z.number(),
    invalid: z.array(z.object({ index: z.number(), reasons: z.array(reasonSchema) })),
    baseline: z.number(),
    /** Attempts that do not count. */
    attempts: z.array(uncountedAttemptSchema),
    /** What this machine dropped in them, and the network did not; null where nothing was counted. */
    machine: totalMachineLossSchema.nullable().default(null),
  }),
  metrics: z.array(gateMetricSchema),
});

export type GateVerdict = z.infer<typeof gateVerdictSchema>;
export type GateMetric = z.infer<typeof gateMetricSchema>;
export type GateResult = z.infer<typeof gateResultSchema>;
