/**
 * Runs in virtual time whose results are kept in a folder: one that lies there already is not run again,
 * so that a bench that was stopped goes on where it was.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { LabError } from '../errors.js';
import { type RunResult, runResultSchema } from '../model/result.js';
import { packageRoot } from '../package-root.js';
import { replaceFile } from '../safe-files.js';

export type GateSide = 'before' | 'unchanged' | 'slower';

export interface RunKeeping {
  /** Name or file. */
  scenario: string;
  /** Value of `--controller` of the slower side. */
  slower: string;
  /** Keeps the result of every run. */
  folder: string;
  signal: AbortSignal;
}

export interface RunPart {
  seed: number;
  /** Of the whole run. */
  trials: number;
  /** From 1; which of `of` parts of its trials. */
  part: number;
  of: number;
}

/** Where a result lies; what was asked is in the name, so that other runs are not taken for it. */
export function keptFile(
  side: GateSide,
  { seed, trials, part, of }: RunPart,
  { scenario, slower, folder }: Omit<RunKeeping, 'signal'>,
): string {
  const asked = JSON.stringify([scenario, side === 'slower' ? slower : null]);
  const digits = createHash('sha256').update(asked).digest('hex').slice(0, 8);
  return join(folder, `${seed}-${side}-${digits}-${trials}-${part}-of-${of}.json`);
}

/** Null: interrupted. Throws SANDBOX_FAILED when the run gave no result. */
export async function keptRun(
  side: GateSide,
  wanted: RunPart,
  keeping: RunKeeping,
): Promise<RunResult | null> {
  const { seed, trials, part, of } = wanted;
  const { scenario, slower, folder, signal } = keeping;
  const file = keptFile(side, wanted, keeping);
  if (existsSync(file)) return runResultSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  if (signal.aborted) return null;
  const words = [
    ...['run', scenario, '--clock', 'virtual', '--seed', String(seed)],
    ...['--trials', String(trials), '--shard', `${part}/${of}`, '--json'],
    ...['--out', join(folder, 'runs')],
    ...(side === 'slower' ? ['--controller', slower] : []),
  ];
  const program = join(packageRoot(), 'harness/setup/start.mjs');
  const run = execa(process.execPath, [program, ...words], { reject: false, cancelSignal: signal });
  const { stdout, stderr } = await run;
  if (signal.aborted) return null;
  if (stdout === '') {
    throw new LabError('SANDBOX_FAILED', `The run ${side} of seed ${seed} gave no result.`, {
      hint: stderr.slice(-2000),
    });
  }
  const result = runResultSchema.parse(JSON.parse(stdout));
  if (result.interrupted) return null;
  replaceFile(file, stdout);
  return result;
}
