/**
 * How often the gate alarms in virtual time when nothing changed (A/A), and when detection takes a
 * few milliseconds longer (A/B), beside processor hogs. Every trial is real: each gate has a seed of
 * its own, a run that stands for the baseline, and a run to be judged; as in a real gate, the second half
 * of both follows when the first leaves a doubt. A result that lies in the folder already is not run
 * again, so that a bench that was stopped goes on where it was.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { LabError } from '../errors.js';
import { type RunResult, runResultSchema } from '../model/result.js';
import { packageRoot } from '../package-root.js';
import { makeFolder, replaceFile } from '../safe-files.js';
import { startHogs } from './hogs.js';

export interface VirtualGateOptions {
  /** Name or file. */
  scenario: string;
  /** Value of `--controller` of the slower side. */
  slower: string;
  /** Gates of either kind; those of one number share seed and baseline. */
  unchangedGates: number;
  slowerGates: number;
  /** Trials of a gate, of a plan of twice as many. */
  trials: number;
  /** Of the first gate; each further gate has the next one. */
  seed: number;
  hogs: number;
  /** Keeps the result of every run. */
  folder: string;
  /** Verdict of a gate, and whether the second half is to follow. */
  judge: (arms: Arms) => { verdict: GateReading['verdict']; doubt: boolean };
  onProgress: (readings: readonly GateReading[]) => void;
  signal: AbortSignal;
}

/** Halves of the two runs that a gate compares: the first, or both. */
export interface Arms {
  before: readonly RunResult[];
  now: readonly RunResult[];
}

export interface GateReading {
  arm: 'unchanged' | 'slower';
  seed: number;
  verdict: 'pass' | 'fail' | 'regression' | 'inconclusive';
  /** The second half was run as well. */
  doubled: boolean;
  /** Of each valid trial and direction: how much longer its outage is than the baseline's. */
  shiftsMs: number[];
}

export interface ArmTally {
  gates: number;
  /** Fail or regression. */
  red: number;
  inconclusive: number;
  doubled: number;
  /** Over all trials and directions; null: there is none. */
  leastShiftMs: number | null;
  mostShiftMs: number | null;
}

/** Makes the gates, one after the other; ends early, with those that are done, by `signal`. */
export async function gateVirtual(options: VirtualGateOptions): Promise<GateReading[]> {
  makeFolder(options.folder);
  const endHogs = startHogs(options.hogs);
  const readings: GateReading[] = [];
  const arms = [
    ['unchanged', options.unchangedGates],
    ['slower', options.slowerGates],
  ] as const;
  try {
    const gates = Math.max(options.unchangedGates, options.slowerGates);
    for (let gate = 0; gate < gates && !options.signal.aborted; gate += 1) {
      const seed = options.seed + gate;
      for (const [arm, wanted] of arms) {
        if (gate >= wanted || options.signal.aborted) continue;
        const reading = await readingOf(arm, seed, options);
        if (reading) readings.push(reading);
      }
      options.onProgress(readings);
    }
  } finally {
    endHogs();
  }
  return readings;
}

/** What the gates of one kind came to. */
export function tallyOf(readings: readonly GateReading[], arm: GateReading['arm']): ArmTally {
  const own = readings.filter((reading) => reading.arm === arm);
  const shifts = own.flatMap(({ shiftsMs }) => shiftsMs);
  const having = (...verdicts: GateReading['verdict'][]) =>
    own.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return {
    gates: own.length,
    red: having('fail', 'regression'),
    inconclusive: having('inconclusive'),
    doubled: own.filter(({ doubled }) => doubled).length,
    leastShiftMs: shifts.length === 0 ? null : Math.min(...shifts),
    mostShiftMs: shifts.length === 0 ? null : Math.max(...shifts),
  };
}

/** Null: interrupted. */
async function readingOf(
  arm: GateReading['arm'],
  seed: number,
  options: VirtualGateOptions,
): Promise<GateReading | null> {
  const before: RunResult[] = [];
  const now: RunResult[] = [];
  for (const half of [1, 2] as const) {
    const earlier = await runOrRead('before', half, seed, options);
    const later = earlier && (await runOrRead(arm, half, seed, options));
    if (!earlier || !later) return null;
    before.push(earlier);
    now.push(later);
    const { verdict, doubt } = options.judge({ before, now });
    if (doubt && half === 1) continue;
    const shiftsMs = now.flatMap((run, at) => shiftsOf(before[at] ?? run, run));
    return { arm, seed, verdict, doubled: half === 2, shiftsMs };
  }
  return null;
}

/** Trial by trial, the two directions of the pair that suffered most. */
export function shiftsOf(before: RunResult, now: RunResult): number[] {
  return now.trials.flatMap(({ index, network }) => {
    const was = before.trials.find((trial) => trial.index === index)?.network;
    return (['forward', 'reverse'] as const).flatMap((direction) => {
      const [earlier, later] = [was?.[direction].outageMs, network?.[direction].outageMs];
      return typeof earlier === 'number' && typeof later === 'number' ? [later - earlier] : [];
    });
  });
}

/** Null: interrupted. Throws when the run gave no result. */
async function runOrRead(
  side: 'before' | GateReading['arm'],
  half: 1 | 2,
  seed: number,
  { scenario, slower, trials, folder, signal }: VirtualGateOptions,
): Promise<RunResult | null> {
  const file = join(folder, `${seed}-${side}-${half}.json`);
  if (existsSync(file)) return runResultSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const words = [
    ...['run', scenario, '--clock', 'virtual', '--seed', String(seed)],
    ...['--trials', String(2 * trials), '--shard', `${half}/2`, '--json'],
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
