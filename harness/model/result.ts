/**
 * `result.json`: what the analysis says about a run. The schema is exported from the package, so
 * that other programs can rely on it. A censored value is `null` beside `recovered: false`.
 */
import * as z from 'zod';
import { environmentSchema } from './history/events.js';
import { mininetNote } from './mininet-description.js';
import { reasonSchema } from './reason.js';
import type { TrialChart } from './result/chart.js';
import { ms, verdictSchema } from './result/fields.js';
import { trialResultSchema } from './result/trial.js';
import { resultVersion, upgradeResult } from './result/version-1.js';

export type * from './result/chart.js';
export * from './result/episode.js';
export { type Verdict, verdictSchema } from './result/fields.js';
export * from './result/flows.js';
export * from './result/judgement.js';
export * from './result/network.js';
export * from './result/trial.js';
export { resultVersion } from './result/version-1.js';

export const summarySchema = z.object({
  n: z.number(),
  censored: z.number(),
  min: ms,
  median: ms,
  max: ms,
  ci95: z.tuple([z.number().nullable(), z.number().nullable()]).nullable(),
});

export const runPlanSchema = z.object({
  /** Trials of the whole plan. */
  trials: z.number(),
  /** The part of it that the record is to hold; null = all. */
  indexes: z.array(z.number()).nullable(),
  /** It may end early, once its median is known well enough. */
  endsEarly: z.boolean(),
});

const currentSchema = z.object({
  schemaVersion: z.literal(resultVersion),
  runId: z.string(),
  scenario: z.string(),
  question: z.string(),
  seed: z.number(),
  wallTime: z.string(),
  command: z.array(z.string()),
  controller: z.string(),
  /** The routing that was put in place of the routers' own, by its name. */
  routing: z.string().nullable().default(null),
  environment: environmentSchema,
  /** What is otherwise than under `mn --custom`, where the network is a Mininet file's. */
  mininetNotes: z.array(mininetNote).default([]),
  verdict: verdictSchema,
  reasons: z.array(reasonSchema),
  /** What was to be run; null in results of older versions. */
  plan: runPlanSchema.nullable().default(null),
  /** The user ended it. */
  interrupted: z.boolean().default(false),
  /** Why the run as a whole, and not one of its trials, proves less than it should. */
  doubts: z.array(reasonSchema).default([]),
  trials: z.array(trialResultSchema),
  summary: z.object({ networkOutageMs: summarySchema, tcpStallMs: summarySchema }),
  cleanup: z.object({ leftovers: z.array(z.string()), mnCleanExitCode: z.number().nullable() }),
});

/** The result of a run, in this version or an older one, which is made into this one. */
export const runResultSchema = z.preprocess(upgradeResult, currentSchema);

/** What distinguishes runs of one scenario: the routing where one was chosen, else the controller. */
export function decidedBy({
  controller,
  routing,
}: Pick<RunResult, 'controller' | 'routing'>): string {
  return routing ?? controller;
}

export type RunPlan = z.infer<typeof runPlanSchema>;
export type Summary = z.infer<typeof summarySchema>;
export type RunResult = z.infer<typeof runResultSchema>;

/** A judged run: what every report is made from. */
export interface JudgedRun {
  result: RunResult;
  charts: TrialChart[];
}
