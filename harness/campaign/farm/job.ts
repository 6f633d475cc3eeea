/**
 * What goes to another machine, and what comes back: one trial as plain data, and lines about it. Both
 * ends check what they read; none of it is ever executed as code.
 */
import * as z from 'zod';
import { differingFields, heldScenario } from '../../model/held-scenario.js';
import { differencesOf, scenarioOfTrial } from '../../model/history/trial-scenario.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import type { TrialPlan } from '../trial-plan.js';

/** Changes when an end of another version would misread a job. */
export const jobVersion = 1;

const count = z.number().int().nonnegative();
/** Part of file names at the far end. */
const word = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/);

/** Where its lab is to live. */
export const farPlace = z.strictObject({
  sandbox: z.string().regex(/^[a-z][a-z0-9-]{0,19}$/),
  datapath: z.enum(['kernel', 'user']),
});

export const farJob = z.strictObject({
  version: z.literal(jobVersion),
  /** The copy of this package that both ends must have, as `packageName` names it. */
  package: word,
  runId: word,
  /** Names one attempt at one trial of one record. */
  key: word,
  place: farPlace,
  /** The scenario in the head of the record. */
  head: heldScenario,
  trial: z.strictObject({
    /** The fields of the scenario that are not the head's. */
    differs: differingFields,
    index: count,
    attempt: count,
    seed: count,
    stratum: z.number().nullable(),
    phaseOffsetMs: z.number().nullable(),
  }),
  /** Milliseconds that an empty trial takes, which builds no lab: for measuring the way itself. */
  emptyMs: z.number().int().nonnegative().max(60_000).optional(),
});

export type FarPlace = z.infer<typeof farPlace>;
export type FarJob = z.infer<typeof farJob>;

/** The job of a trial. Pure. */
export function jobOf(
  plan: TrialPlan,
  rest: Pick<FarJob, 'package' | 'runId' | 'key' | 'place' | 'head'>,
): FarJob {
  const { index, attempt = 0, seed, stratum, phaseOffsetMs } = plan;
  const differs = differencesOf(rest.head, plan.scenario);
  const trial = { differs, index, attempt, seed, stratum, phaseOffsetMs };
  return { version: jobVersion, ...rest, trial };
}

/** The trial of a job, as it was planned. Pure. */
export function planOfJob({ head, trial }: FarJob): TrialPlan {
  const { differs, attempt, ...rest } = trial;
  const scenario: ResolvedScenario = scenarioOfTrial(
    { scenario: head },
    { differs: differs as Partial<ResolvedScenario> },
  );
  return { ...rest, scenario, ...(attempt > 0 ? { attempt } : {}) };
}

/** Why a machine did not execute a job. */
export const farTrouble = z.strictObject({
  /** An error code of this package, or what the system printed. */
  code: z.string().max(80),
  message: z.string().max(4000),
  hint: z.string().max(4000).optional(),
});

/** What an end prints about a job, one JSON object a line. */
export const farLine = z.discriminatedUnion('far', [
  /** It took the job. `execution` names this time it is executed. */
  z.strictObject({
    ...{ far: z.literal('begun'), key: word, execution: word, machine: z.string().max(200) },
  }),
  /** A phase of the trial began. */
  z.strictObject({ far: z.literal('phase'), key: word, execution: word, phase: word }),
  /** It is still at it; written every few seconds, so that a connection that is gone is seen. */
  z.strictObject({ far: z.literal('alive'), key: word, execution: word }),
  /** The record, packed. */
  z.strictObject({ far: z.literal('record'), key: word, execution: word, packed: z.string() }),
  /** It did not execute the job: another machine may. */
  z.strictObject({
    ...{ far: z.literal('refused'), key: word, execution: word, machine: z.string().max(200) },
    trouble: farTrouble,
  }),
]);

export type FarLine = z.infer<typeof farLine>;
export type FarTrouble = z.infer<typeof farTrouble>;
