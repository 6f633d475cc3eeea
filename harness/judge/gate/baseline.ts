/**
 * The committed baseline of a scenario: small, reviewed like code, one line a trial so that a diff
 * shows which trials moved.
 */
import * as z from 'zod';
import { lineOfJsonError, readBoundedJson } from '../../bounded-json.js';
import { LabError, messageOf } from '../../errors.js';
import type { Environment } from '../../model/history/events.js';
import { decidedBy, type RunResult } from '../../model/result.js';
import { readingsOf, type TrialReadings } from './readings.js';

const reading = z.number().nonnegative().nullable();

/** What must be equal for two runs' milliseconds to be comparable. */
export const fingerprintSchema = z.strictObject({
  kernel: z.string(),
  ovs: z.string(),
  datapath: z.enum(['kernel', 'user', 'none']),
  cores: z.number().int().positive(),
  /** Left out: a fresh lab for every trial. */
  labs: z.literal('reused').optional(),
  /** Left out: the machine's own. */
  clock: z.literal('virtual').optional(),
  /** Left out: the machine's own programs. */
  image: z.string().optional(),
});

export const baselineSchema = z.strictObject({
  schemaVersion: z.literal(1),
  scenario: z.string().min(1),
  controller: z.string(),
  seed: z.number().int().nonnegative(),
  /** Trials of the plan they were taken from; with the seed it decides the phases. */
  plannedTrials: z.number().int().positive(),
  environment: fingerprintSchema,
  /** Period that the fault moments are stratified against; null = no period, compared unpaired. */
  periodMs: z.number().positive().nullable(),
  trials: z
    .array(
      z.strictObject({
        /** Place in the plan, from 0: in virtual time it is paired with the trial of the same seed. */
        trial: z.number().int().nonnegative().optional(),
        stratum: z.number().int().nonnegative().nullable(),
        phaseOffsetMs: z.number().nonnegative().nullable(),
        /** null = no recovery before the deadline. */
        networkOutageMs: reading,
        /** By direction; in virtual time alone. Absent in older baselines. */
        outagesMs: z.record(z.string().max(200), reading).optional(),
        /** Absent when the scenario has no TCP flow. */
        tcpStallMs: reading.optional(),
      }),
    )
    .min(1)
    .max(100_000),
});

/** Far beyond what a plan of trials fills. */
const baselineLimits = { characters: 32 * 1024 * 1024, depth: 8 };

export type Fingerprint = z.infer<typeof fingerprintSchema>;
export type Baseline = z.infer<typeof baselineSchema>;

export function fingerprintOf(environment: Environment): Fingerprint {
  const { kernel, ovs, datapath, cores, labs, clock, image } = environment;
  return {
    ...{ kernel, ovs, datapath, cores },
    ...(labs ? { labs } : {}),
    ...(clock ? { clock } : {}),
    ...(image ? { image } : {}),
  };
}

/** Which parts differ, each as a sentence's half; empty = comparable. */
export function fingerprintDifferences(before: Fingerprint, now: Fingerprint): string[] {
  const keys = Object.keys(fingerprintSchema.shape) as Array<keyof Fingerprint>;
  return keys
    .filter((key) => before[key] !== now[key])
    .map((key) => `${key} ${before[key] ?? leftOut[key]} → ${now[key] ?? leftOut[key]}`);
}

/** What a part that is left out stands for. */
const leftOut: Partial<Record<keyof Fingerprint, string>> = {
  ...{ labs: 'fresh', clock: 'real', image: 'none' },
};

/**
 * The baseline that a run would leave. `periodMs` is the resolved scenario's, `plannedTrials` the
 * plan's size where the run is only a part of it; only valid trials enter. Throws WRONG_USE when no
 * trial is valid.
 */
export function baselineOf(
  run: RunResult,
  periodMs: number | null,
  plannedTrials = run.trials.length,
): Baseline {
  const trials = readingsOf(run).sort(byPlace);
  if (trials.length === 0) {
    throw new LabError('WRONG_USE', `${run.scenario} has no valid trial to make a baseline from`, {
      hint: 'Fix the reasons listed in the report of the run, and run the gate with --update again.',
    });
  }
  return {
    schemaVersion: 1,
    scenario: run.scenario,
    controller: decidedBy(run),
    seed: run.seed,
    plannedTrials,
    environment: fingerprintOf(run.environment),
    periodMs,
    trials,
  };
}

/** The file's text: stable order, one line a trial, a final newline. */
export function printBaseline(baseline: Baseline): string {
  const { trials, ...head } = baseline;
  const fields = Object.entries(head).map(([key, value]) => `  "${key}": ${inline(value)},`);
  const rows = [...trials].sort(byPlace).map((trial) => `    ${inline(trial)}`);
  return ['{', ...fields, '  "trials": [', rows.join(',\n'), '  ]', '}', ''].join('\n');
}

/** Reads a baseline; throws RECORD_UNREADABLE naming `file` and every problem in it. */
export function parseBaseline(text: string, file: string): Baseline {
  const read = readBoundedJson(text, baselineLimits);
  if ('problem' in read) {
    const { problem, cause } = read;
    const line = cause === undefined ? '' : `:${lineOfJsonError(text)}`;
    const why = cause === undefined ? '' : `: ${messageOf(cause)}`;
    throw new LabError('RECORD_UNREADABLE', `${file}${line} is ${problem}${why}`, { cause });
  }
  const parsed = baselineSchema.safeParse(read.value);
  if (parsed.success) return parsed.data;
  throw new LabError(
    'RECORD_UNREADABLE',
    `${file} is not a baseline:\n${z.prettifyError(parsed.error)}`,
    { hint: 'Create it again with `failover-lab gate <scenario> --update`.' },
  );
}

/** By trial, stratum or outage: two runs of one plan print in one order. Censored come last. */
function byPlace(a: TrialReadings, b: TrialReadings): number {
  if (a.trial !== undefined && b.trial !== undefined) return a.trial - b.trial;
  const place = (row: TrialReadings) => row.stratum ?? Number.POSITIVE_INFINITY;
  if (place(a) !== place(b)) return place(a) - place(b);
  const outage = (row: TrialReadings) => row.networkOutageMs ?? Number.MAX_VALUE;
  return outage(a) - outage(b);
}

/** JSON on one line with a space after each comma and colon. */
function inline(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([key, field]) => `"${key}": ${inline(field)}`);
  return `{ ${fields.join(', ')} }`;
}
