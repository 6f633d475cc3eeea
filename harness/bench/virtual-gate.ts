/**
 * How often the gate alarms in virtual time when nothing changed (A/A), and when detection takes a
 * few milliseconds longer (A/B), beside processor hogs. Every trial is real: each gate has a seed of
 * its own, a run that stands for the baseline, and a run to be judged; as in a real gate, the second half
 * of both follows when the first leaves a doubt. Or the gates draw their trials from pools.
 */
import { shuffle } from 'simple-statistics';
import { seededRandom } from '../judge/statistics/index.js';
import type { RunResult } from '../model/result.js';
import { makeFolder } from '../safe-files.js';
import { startHogs } from './hogs.js';
import { type GateSide, keptRun, type RunKeeping } from './kept-runs.js';

export interface VirtualGateOptions extends RunKeeping {
  /** Gates of either kind; those of one number share seed and baseline. */
  unchangedGates: number;
  slowerGates: number;
  /** Trials of a gate, of a plan of twice as many. */
  trials: number;
  /** Each side runs so many trials once, and a gate draws its own from them; not given: it runs them. */
  pool?: number;
  /** Of the first gate; each further gate has the next one. */
  seed: number;
  hogs: number;
  /** Verdict of a gate, and whether the second half is to follow. */
  judge: (arms: Arms) => { verdict: GateReading['verdict']; doubt: boolean };
  onProgress: (readings: readonly GateReading[]) => void;
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
    const earlier = await trialsOf('before', half, seed, options);
    const later = earlier && (await trialsOf(arm, half, seed, options));
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

/** Half of the trials of a gate; null: interrupted. */
async function trialsOf(
  side: GateSide,
  half: 1 | 2,
  seed: number,
  options: VirtualGateOptions,
): Promise<RunResult | null> {
  const { trials, pool } = options;
  if (pool === undefined) {
    return keptRun(side, { seed, trials: 2 * trials, part: half, of: 2 }, options);
  }
  const drawn = shuffle([...Array(pool).keys()], seededRandom(seed));
  const own = new Set(drawn.slice((half - 1) * trials, half * trials));
  // The runs of all gates have the seed of the first, and each run as many trials as a gate.
  const of = Math.ceil(pool / trials);
  const parts: RunResult[] = [];
  for (let part = 1; part <= of; part += 1) {
    const run = await keptRun(side, { seed: options.seed, trials: pool, part, of }, options);
    if (!run) return null;
    parts.push(run);
  }
  const [first] = parts;
  if (!first) return null;
  const chosen = parts.flatMap((run) => run.trials).filter(({ index }) => own.has(index));
  return { ...first, trials: chosen.sort((one, other) => one.index - other.index) };
}
