/** Why a trial proves nothing: how it ended, and what of its plan or its record is missing. */
import * as z from 'zod';
import { processId } from '../process-id.js';
import { evidenceSchema } from '../recorded/evidence.js';
import { readinessSchema } from '../recorded/readiness.js';
import { exit, nothing, number, waitedShape } from './shapes.js';

/** What a program printed and could not be read. */
const unreadable = z.object({
  times: number,
  source: processId,
  /** The kind of the event that it was of; null = of no single event. */
  what: z.string().nullable(),
  field: z.string(),
  value: z.string(),
});

export const trialShapes = {
  /** The record ends before the trial does. */
  'cut-off': nothing,
  /** Ended from outside. */
  interrupted: nothing,
  /** `error`: the code of what ended it; null = the record has none. */
  'trial-failed': z.object({
    error: z.string().nullable(),
    message: z.string().nullable(),
    /** What waited for a processor meanwhile, where that explains it. */
    waited: waitedShape.nullable(),
    /** What was seen of the condition for which the network was not ready. */
    seen: readinessSchema.optional(),
  }),
  'events-missing': unreadable,
  /** A remark: the rest of the record stands. */
  'values-unknown': unreadable,
  'stray-stamps': z.object({ events: number, kind: z.string(), atNs: number }),
  'no-traffic': nothing,
  /** A step of the timeline that never happened. */
  'step-missing': z.object({
    step: z.string(),
    /** The fault's kind; null = a heal. */
    fault: z.string().nullable(),
    /** `limits.duration` ended the traffic after so long; null = something else did. */
    endedAfterMs: number.nullable(),
  }),
  /** A fault, a heal, or a change that a fault makes by itself was not seen to take effect. */
  'change-not-proven': z.union([
    z.object({ step: z.string(), fault: z.string().nullable(), evidence: evidenceSchema }),
    z.object({
      fault: z.string(),
      targets: z.array(z.string()),
      state: z.enum(['down', 'up']),
      evidence: evidenceSchema,
    }),
  ]),
  /** What was to measure and gave nothing. */
  'no-samples': z.discriminatedUnion('of', [
    /** `meter`: null where there is only one. `afterStep`: null = from the start on. */
    z.object({
      of: z.literal('meter'),
      meter: z.string().nullable(),
      afterStep: z.string().nullable(),
    }),
    /** `flow`: null = all flows. */
    z.object({ of: z.literal('tcp'), flow: z.string().nullable() }),
    /** It never ran, and iperf3 printed why. */
    z.object({ of: z.literal('flow'), flow: z.string(), error: z.string() }),
  ]),
  'instrument-ended': z.object({ process: processId, ...exit }),
  'tcp-carried-nothing': z.object({ flow: z.string() }),
  /** A role such as relayOnPath was bound to what did not carry its traffic. */
  'target-missed': z.object({
    fault: z.string(),
    targets: z.array(z.string()),
    packets: number,
    atLeast: number,
    overMs: number,
  }),
  'no-effect': z.object({ fault: z.string(), targets: z.array(z.string()) }),
  /** Traffic ended too soon after the recovery, or after a step (null = the recovery). */
  'recovery-not-sustained': z.object({
    sustainedMs: number,
    neededMs: number,
    step: z.string().nullable(),
  }),
} as const;
