/** How long commands take from their first instruction to their end, beside an empty program of Node. */
import { spawnSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { LabError } from '../errors.js';
import { packageRoot } from '../package-root.js';

export interface StartReading {
  /** As it is typed, with `node -e 0` for the empty program. */
  command: string;
  /** Milliseconds of every repetition. */
  tookMs: number[];
  /** The same, less those of `node -e 0` in the same round. */
  beyondNodeMs: number[];
}

export interface BenchStartResult {
  node: string;
  cores: number;
  /** Load of the last minute before the bench. */
  loadBefore: number;
  readings: StartReading[];
}

export interface BenchStartOptions {
  /** The scenario that is validated: a name or a file. */
  scenario: string;
  repetitions: number;
}

/**
 * Starts every command once in each round, so that the machine's drift hits all alike. A round
 * before the first fills the caches of the disk and of transpiled scenarios, and counts for nothing.
 *
 * @throws LabError WRONG_USE when one of the commands fails, with its own error.
 */
export function benchStart({ scenario, repetitions }: BenchStartOptions): BenchStartResult {
  const [loadBefore = 0] = loadavg();
  const program = join(packageRoot(), 'harness/setup/start.mjs');
  const commands: Array<[command: string, words: string[]]> = [
    ['node -e 0', ['-e', '0']],
    ...[['--help'], ['list'], ['validate', scenario]].map((words): [string, string[]] => [
      `failover-lab ${words.join(' ')}`,
      [program, ...words],
    ]),
  ];
  const round = () => commands.map(([command, words]) => timeOf(command, words));
  round();
  const rounds = Array.from({ length: repetitions }, round);
  return {
    node: process.versions.node,
    cores: availableParallelism(),
    loadBefore,
    readings: commands.map(([command], place) => ({
      command,
      tookMs: rounds.map((times) => times[place] ?? 0),
      beyondNodeMs: rounds.map((times) => (times[place] ?? 0) - (times[0] ?? 0)),
    })),
  };
}

function timeOf(command: string, words: string[]): number {
  const startMs = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  const tookMs = performance.now() - startMs;
  if (status === 0) return tookMs;
  const message = `${command} ended with exit code ${status}, so its time is not valid.`;
  throw new LabError('WRONG_USE', message, { hint: stderr.trim() });
}
