/** What the supervisor sends to the runner, one JSON line each. */
import * as z from 'zod';
import { differingFields, heldScenario } from './held-scenario.js';

export const runnerPlan = z.object({
  scenario: heldScenario,
  /** What the trial records of it: the fields that are not as in the head of the record. */
  differs: differingFields,
  trial: z.number().int().nonnegative(),
  attempt: z.number().int().nonnegative().default(0),
  seed: z.number().int().nonnegative(),
  stratum: z.number().nullable(),
  phaseOffsetMs: z.number().nullable(),
  /** Folder for logs of this trial; the same path inside and outside the sandbox. */
  logFolder: z.string(),
  datapath: z.enum(['kernel', 'user']),
  python: z.string(),
  /** `run` walks the timeline; `drive` and `shell` wait for orders. */
  mode: z.enum(['run', 'drive', 'shell', 'overhead']),
  /** The lab is to stand after the trial, for the next plan. */
  keepLab: z.boolean(),
  /**
   * Traffic begins at a multiple of this on the lab's clock, whenever the network was ready before.
   * Left out: at once.
   */
  beginsAtMultipleMs: z.number().int().positive().optional(),
  /** How often packets are counted that the machine itself lost. Left out: as often as it can. */
  countDropsEveryMs: z.number().int().positive().optional(),
  /** The terminal that `shell` serves: its device, and what TERM calls it. */
  terminal: z.object({ device: z.string(), type: z.string() }).optional(),
});

export type RunnerPlan = z.infer<typeof runnerPlan>;

/** Later messages on the same pipe. */
export const runnerMessage = z.discriminatedUnion('type', [
  /** The first builds a lab; later ones use the one that was kept. */
  z.object({ type: z.literal('plan'), plan: runnerPlan }),
  /** No plan follows: take the kept lab down. */
  z.object({ type: z.literal('close') }),
  /** End early: heal, tear down, keep what was recorded. */
  z.object({ type: z.literal('interrupt') }),
  z.object({ type: z.literal('order'), order: z.unknown() }),
]);

export type RunnerMessage = z.infer<typeof runnerMessage>;
