/**
 * The resolved form of a scenario: plain data with every name bound, every unit a number and every
 * default filled in. It is what the runner executes and what the history's header records. The
 * written form (what people type) is another type, in `written.ts`.
 */
import * as z from 'zod';
import { resolvedController } from './resolved/controller.js';
import { resolvedExpectation } from './resolved/expectation.js';
import { resolvedProgram } from './resolved/program.js';
import { resolvedStep } from './resolved/timeline.js';
import { resolvedTopology } from './resolved/topology.js';
import { resolvedFlow, resolvedMeter } from './resolved/traffic.js';

export type { ResolvedNode } from './node-traits.js';
export type { ResolvedBond } from './resolved/bond.js';
export * from './resolved/controller.js';
export * from './resolved/expectation.js';
export * from './resolved/program.js';
export * from './resolved/timeline.js';
export * from './resolved/topology.js';
export * from './resolved/traffic.js';
export type { ResolvedVlan } from './resolved/vlan.js';

const name = z.string().min(1);

export const resolvedScenario = z.object({
  schemaVersion: z.literal(1),
  name,
  question: z.string(),
  seed: z.number().int().nonnegative(),
  topology: resolvedTopology,
  /** The routing that was put in place of the routers' own, by its name. */
  routing: z.string().optional(),
  controller: resolvedController,
  flows: z.array(resolvedFlow),
  meters: z.array(resolvedMeter),
  /** Of the user's, on nodes; left out: none. */
  programs: z.array(resolvedProgram).optional(),
  timeline: z.array(resolvedStep),
  expectations: z.array(resolvedExpectation),
  /** Period declared for stratification (the controller's), or null. */
  periodMs: z.number().positive().nullable(),
  allowOversize: z.boolean(),
  /** A fault that nothing measured has felt is an answer; left out: it proves nothing. */
  allowNoEffect: z.literal(true).optional(),
  limits: z.object({
    readyTimeoutMs: z.number().positive(),
    /** Clean traffic required before the first fault. */
    cleanMs: z.number().nonnegative(),
    /** No recovery within this long after a fault is censored. */
    recoveryDeadlineMs: z.number().positive(),
    /** RFC 6412 §3.7.5: this long without impairment before "recovered" is believed. */
    sustainedMs: z.number().positive(),
    /** Bound on the traffic part of a trial; its length where there is no timeline. */
    durationMs: z.number().positive(),
  }),
});

export type ResolvedScenario = z.infer<typeof resolvedScenario>;
