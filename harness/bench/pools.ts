/** Pools of real trials that gates are drawn from: one JSON file that grows run by run. */
import { existsSync } from 'node:fs';
import * as z from 'zod';
import { LabError, messageOf } from '../errors.js';
import { readRegular, replaceFile } from '../safe-files.js';

const poolTrialSchema = z.object({
  runId: z.string(),
  index: z.number().int().nonnegative(),
  stratum: z.number().nullable(),
  phaseOffsetMs: z.number().nullable(),
  networkOutageMs: z.number().nullable(),
  tcpStallMs: z.number().nullable().optional(),
});

export const poolsSchema = z.object({
  schemaVersion: z.literal(1),
  scenario: z.string(),
  /** Seed and trials of every run: with a period, all runs hit the same phases. */
  seed: z.number().int(),
  trialsPerRun: z.number().int().positive(),
  periodMs: z.number().positive().nullable(),
  resolutionMs: z.object({ networkOutageMs: z.number(), tcpStallMs: z.number() }),
  /** How the slower side was made slower, as the command line says it. */
  slowerController: z.string(),
  /** The trials of a run shared a lab. */
  reuse: z.boolean().default(false),
  /** Trials of both sides ran at the same time. */
  sideBySide: z.boolean().default(false),
  environment: z.record(z.string(), z.unknown()),
  /** Trials that were not valid, per side: told, not hidden. */
  invalid: z.object({ unchanged: z.number(), slower: z.number() }),
  trials: z.object({ unchanged: z.array(poolTrialSchema), slower: z.array(poolTrialSchema) }),
});

export const poolSides = ['unchanged', 'slower'] as const;
export type PoolSide = (typeof poolSides)[number];
export type PoolTrial = z.infer<typeof poolTrialSchema>;
export type Pools = z.infer<typeof poolsSchema>;

/** Longer than two thousand trials a side. */
const poolsBytesMax = 64 * 1024 * 1024;

/** The pools in `path`, or null when there is no such file; throws RECORD_UNREADABLE. */
export function readPools(path: string): Pools | null {
  if (!existsSync(path)) return null;
  try {
    return poolsSchema.parse(JSON.parse(readRegular(path, poolsBytesMax)));
  } catch (cause) {
    throw new LabError('RECORD_UNREADABLE', `${path} has no pools: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** Replaces the file in one step, so that an interrupted write loses nothing. One line a trial. */
export function writePools(path: string, pools: Pools): void {
  const { trials, ...head } = pools;
  const rows = (side: PoolSide) => trials[side].map((trial) => JSON.stringify(trial)).join(',\n');
  const sides = poolSides.map((side) => `"${side}": [\n${rows(side)}\n]`).join(',\n');
  const text = `${JSON.stringify(head, null, 1).slice(0, -2)},\n "trials": {\n${sides}\n}}\n`;
  replaceFile(path, text);
}
