/** What fails in the cases of a campaign: elements of a network, one or several at a time. */
import * as z from 'zod';

/** What makes a trial bad, for a search that is weighted towards what was bad so far. */
export const searchObjectives = [
  'outage',
  'loss',
  'tcp-stall',
  'never-recovers',
  'flow-changes',
] as const;

const count = z.number().int().nonnegative();

/** Something that can fail: a node or wire by its name, an instance of the controller by its number. */
export const elementSchema = z.object({
  kind: z.enum(['node', 'link', 'tunnel', 'controller']),
  /** Name in the topology; of a controller `controller`, or `controller 1` where there are several. */
  name: z.string().min(1),
  /** Of a controller; left out: it is not one. */
  instance: count.optional(),
});

/** One element and how it fails. */
export const elementFailureSchema = z.object({ element: elementSchema, faultKind: z.string() });

/** Elements that fail together, in one trial. */
export const failureCaseSchema = z.object({ failures: z.array(elementFailureSchema).min(1) });

/** Two hosts between which traffic runs. */
export const hostPairSchema = z.object({ from: z.string(), to: z.string() });

/** An element that is not failed, and why. */
export const elementAsideSchema = z.discriminatedUnion('why', [
  /** No path of any traffic can lead over it. */
  z.object({ why: z.literal('unused'), element: elementSchema }),
  /** Without it there is no path between these hosts: no network could survive it. */
  z.object({ why: z.literal('cut'), element: elementSchema, pairs: z.array(hostPairSchema) }),
  /** No kind of fault, or none of those asked for, can hit it; `message` states the reason. */
  z.object({
    why: z.literal('cannot-fail'),
    element: elementSchema,
    faultKind: z.string().nullable(),
    message: z.string(),
  }),
]);

/** What a sweep consists of, as it is planned before its first trial. */
export const sweepPlanSchema = z.object({
  kind: z.literal('sweep'),
  /** What was asked for, in the words of the command; left out: everything. */
  asked: z.object({
    elements: z.array(z.string()).optional(),
    faults: z.array(z.string()).optional(),
    pairs: count.optional(),
  }),
  /** Trial `round * cases.length + place` is the case at `place`. */
  cases: z.array(failureCaseSchema),
  /** Trials of each case. */
  rounds: z.number().int().positive(),
  aside: z.array(elementAsideSchema),
  /** Of two failures at once: how many pairs there are, and how many of them cut traffic off. */
  pairs: z.object({ possible: count, cut: count, chosen: count }).nullable(),
  /** Sentences of the scenario's expectations that no case is held to. */
  expectationsLeftOut: z.array(z.string()),
});

/** What a search may do, as it was begun: with its seed it decides every trial. */
export const searchPlanSchema = z.object({
  kind: z.literal('search'),
  asked: z.object({
    elements: z.array(z.string()).optional(),
    faults: z.array(z.string()).optional(),
  }),
  /** Trials at the most. */
  budget: z.number().int().positive(),
  objective: z.enum(searchObjectives),
  /** Failures of one trial at the most, and when the last of them may begin. */
  atOnce: z.number().int().positive(),
  horizonMs: z.number().positive(),
  simplifyMost: count,
});

export const campaignPlanSchema = z.discriminatedUnion('kind', [sweepPlanSchema, searchPlanSchema]);

export type Element = z.infer<typeof elementSchema>;
export type ElementFailure = z.infer<typeof elementFailureSchema>;
export type FailureCase = z.infer<typeof failureCaseSchema>;
export type HostPair = z.infer<typeof hostPairSchema>;
export type ElementAside = z.infer<typeof elementAsideSchema>;
export type SweepPlan = z.infer<typeof sweepPlanSchema>;
export type SearchPlan = z.infer<typeof searchPlanSchema>;
export type CampaignPlan = z.infer<typeof campaignPlanSchema>;
export type SearchObjective = (typeof searchObjectives)[number];

/** The same element has the same key. */
export function keyOfElement({ kind, name }: Element): string {
  return kind === 'controller' || kind === 'node' ? name : `${kind} ${name}`;
}

/** The place of a trial's case, and which of its trials it is. */
export function caseOfTrial({ cases }: SweepPlan, trial: number): { place: number; round: number } {
  return { place: trial % cases.length, round: Math.floor(trial / cases.length) };
}
