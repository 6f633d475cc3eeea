/** How a run, its trials and its labs go on and end. */
import * as z from 'zod';
import { campaignPlanSchema } from '../../failure-case.js';
import { differingFields, heldScenario } from '../../held-scenario.js';
import { processId } from '../../process-id.js';
import { readinessSchema } from '../../recorded/readiness.js';
import { substitutionSchema } from '../../recorded/substitution.js';
import { warningSchema } from '../../recorded/warning.js';
import { base, count, endError, ns } from './fields.js';

/** Of the records that this version writes. Older ones are made into it as they are read. */
export const historyVersion = 2;

export const environmentSchema = z.object({
  kernel: z.string(),
  cores: z.number().int(),
  distribution: z.string(),
  node: z.string(),
  python: z.string(),
  mininet: z.string(),
  ovs: z.string(),
  iperf3: z.string(),
  osken: z.string(),
  failoverLab: z.string(),
  commit: z.string().nullable(),
  /** Of a lab's Open vSwitch; `none`: a network that is watched, and not a lab's. */
  datapath: z.enum(['kernel', 'user', 'none']),
  /** Name of the site where the lab was, see harness/sites/. */
  sandbox: z.string().regex(/^[a-z][a-z0-9-]{0,19}$/),
  /** Left out: this machine's. `virtual`: moves only when nothing is to be done. */
  clock: z.literal('virtual').optional(),
  /** What the guest's root was made of: name and hash of all packages' versions. Left out: the host's. */
  image: z.string().optional(),
  /** The lab was on the network and Open vSwitch of the machine itself; left out: on its own. */
  network: z.literal('host').optional(),
  /** Trials shared labs, which were healed in between; left out: a fresh lab for every trial. */
  labs: z.literal('reused').optional(),
  /** What the lab has instead of something else. */
  substitutions: z.array(substitutionSchema),
});

export const phaseNames = [
  'sandbox',
  'build',
  'controller',
  'ready',
  'traffic',
  'stop',
  'clean',
  'done',
] as const;

/** What a step waits for. */
export const awaited = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('fault'), faultKind: z.string() }),
  z.object({ kind: z.literal('heal') }),
  /** After a heal, until the controller moves no traffic any more. */
  z.object({ kind: z.literal('settled') }),
]);

export const runEvents = [
  z.object({
    ...base,
    kind: z.literal('run.header'),
    schemaVersion: z.literal(historyVersion),
    runId: z.string(),
    scenario: heldScenario,
    seed: count,
    /** Trials of the whole plan, which with the seed decides the phases. */
    trials: count,
    /** Trials of the plan that this record is to hold; left out: all. */
    indexes: z.array(count).optional(),
    /** The run ends early when its median is known so well; as it was asked for. */
    untilPrecise: z.string().optional(),
    /** Trials that may be run again because the machine disturbed them; left out: none. */
    replace: count.optional(),
    /** Labs that ran side by side; left out: one. */
    parallel: z.number().int().positive().optional(),
    /** What sweep or search the trials belong to; left out: they are trials of one scenario. */
    campaign: campaignPlanSchema.optional(),
    /** ISO wall time at `atNs`; the only wall time in a history. */
    wallTime: z.string(),
    command: z.array(z.string()),
    environment: environmentSchema,
  }),
  /** A trial begins: its own seed, and its phase within the declared period. */
  z.object({
    ...base,
    kind: z.literal('trial.start'),
    seed: count,
    stratum: z.number().nullable(),
    phaseOffsetMs: z.number().nullable(),
    /** The trial whose lab this one continues; left out: it has one of its own. */
    lab: count.optional(),
    /** The attempt at that trial; left out: the first. */
    labAttempt: count.optional(),
    /** The whole scenario, in records before 0.2; since then the head's, with what `differs`. */
    scenario: heldScenario.optional(),
    /** Fields of the scenario that are this trial's own; left out: all are the head's. */
    differs: differingFields.optional(),
  }),
  z.object({
    ...base,
    kind: z.literal('trial.end'),
    reason: z.enum(['completed', 'interrupted', 'failed']),
    error: endError,
  }),
  z.object({ ...base, kind: z.literal('phase'), phase: z.enum(phaseNames) }),
  z.object({
    ...base,
    kind: z.literal('ready'),
    condition: z.string(),
    ok: z.boolean(),
    detail: readinessSchema,
  }),
  /** A step waits for something (a controller tick, a recovery); for progress. */
  z.object({ ...base, kind: z.literal('waiting'), awaited, untilNs: ns.nullable() }),
  z.object({ ...base, kind: z.literal('warning'), warning: warningSchema }),
  /** Something that a program printed could not be read. */
  z.object({
    ...base,
    kind: z.literal('unreadable'),
    /** What printed it. */
    source: processId,
    /** The kind of the event that was to be recorded; left out: the value is of no single event. */
    what: z.string().optional(),
    field: z.string(),
    /** As it was printed; cut after 80 characters. */
    value: z.string(),
    /** How often, the first value being shown. */
    times: z.number().int().positive(),
    /** `value`: it is unknown in the record. `event`: the whole event is missing from it. */
    lost: z.enum(['value', 'event']),
  }),
  z.object({
    ...base,
    kind: z.literal('cleanup'),
    leftovers: z.array(z.string()),
    mnCleanExitCode: z.number().int().nullable(),
    mnCleanMs: z.number(),
    mnCleanRemoved: z.array(z.string()),
    /** The trial that built what was cleaned; left out: the trial it was recorded in. */
    lab: count.optional(),
    /** The attempt at that trial; left out: the first. */
    labAttempt: count.optional(),
  }),
  /** The run is resumed here. What is above stays; a line just above it may be cut off. */
  z.object({
    ...base,
    kind: z.literal('run.resumed'),
    /** The version of what stands below it; left out: 1. */
    schemaVersion: z.literal(historyVersion),
    command: z.array(z.string()),
  }),
  z.object({
    ...base,
    kind: z.literal('run.end'),
    reason: z.enum(['completed', 'interrupted', 'failed']),
    error: endError,
    /** Leftovers that the supervisor counted on the host after the sandbox was gone. */
    leftovers: z.array(z.string()),
  }),
] as const;
