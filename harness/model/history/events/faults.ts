/** What was done to the network, with the stamps around it. */
import * as z from 'zod';
import { evidenceSchema } from '../../recorded/evidence.js';
import { resolvedTarget } from '../../resolved.js';
import { base, count, ns } from './fields.js';

const faultFields = {
  stepId: z.string(),
  faultId: z.string(),
  faultKind: z.string(),
  target: resolvedTarget,
  /** The names the target was bound to. */
  targets: z.array(z.string()),
  /** CLOCK_MONOTONIC just before and just after the change. */
  beforeNs: ns,
  afterNs: ns,
  /** Read back from the kernel or the process table. */
  verified: z.boolean(),
  /** What was read back. */
  evidence: evidenceSchema,
};

export const faultEvents = [
  z.object({
    ...base,
    kind: z.literal('fault.injected'),
    ...faultFields,
    /**
     * Packets that moved through the target right before the fault, where a role such as
     * relayOnPath was bound by the path; left out for other targets and in older records.
     */
    carried: z
      .object({
        packets: count,
        /** From this many on it carries the role's traffic. */
        atLeast: count,
        overMs: z.number().nonnegative(),
        /** False when counters do not show which way traffic went; the traced target was hit. */
        decided: z.boolean(),
        /** What the path of before the clean window had named, when traffic moved since. */
        boundBefore: z.array(z.string()).optional(),
      })
      .optional(),
  }),
  z.object({ ...base, kind: z.literal('fault.healed'), ...faultFields }),
  /** A change that a standing fault made by itself, such as each down and up of a flap. */
  z.object({
    ...base,
    kind: z.literal('fault.transition'),
    stepId: z.string(),
    faultId: z.string(),
    faultKind: z.string(),
    targets: z.array(z.string()),
    state: z.enum(['down', 'up']),
    beforeNs: ns,
    afterNs: ns,
    verified: z.boolean(),
    evidence: evidenceSchema,
  }),
  /** The runner saw the sustained window pass (or the deadline) after a step. */
  z.object({
    ...base,
    kind: z.literal('recovery.seen'),
    stepId: z.string(),
    recovered: z.boolean(),
  }),
] as const;
