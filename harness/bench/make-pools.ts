/**
 * Fills the pools by running the command line again and again, both sides in turn or side by side,
 * so that a drift of the machine meets both. Stopped at any time it goes on where it was.
 */
import { execa } from 'execa';
import { LabError, messageOf } from '../errors.js';
import { type RunResult, runResultSchema } from '../model/result.js';
import { type PoolSide, type Pools, poolSides, readPools, writePools } from './pools.js';

/** The readings of one run's valid trials; handed in, so that pools and gates read alike. */
export type ReadTrials = (run: RunResult) => Array<{
  stratum: number | null;
  phaseOffsetMs: number | null;
  networkOutageMs: number | null;
  tcpStallMs?: number | null | undefined;
}>;

/** What all runs of the pools have in common. */
export interface PoolPlan {
  scenario: string;
  seed: number;
  trialsPerRun: number;
  periodMs: number | null;
  /** Value of `--controller` that makes the slower side. */
  slowerController: string;
  /** Keep a lab for all trials of a run. */
  reuse: boolean;
  /** Both sides at the same time, a lab each: half the time, and what disturbs one disturbs both. */
  sideBySide: boolean;
}

export interface MakePoolsOptions extends PoolPlan {
  /** The pools' file. */
  path: string;
  /** Program and first arguments of the command line. */
  command: readonly [string, ...string[]];
  /** Valid trials wanted on either side. */
  trialsPerSide: number;
  readTrials: ReadTrials;
  /** Told after every run. */
  onProgress: (pools: Pools) => void;
  signal: AbortSignal;
}

/** Pools of runs that were recorded before, judged anew. */
export function poolsOfRuns(
  options: PoolPlan,
  runs: Record<PoolSide, readonly RunResult[]>,
  readTrials: ReadTrials,
): Pools {
  let pools = emptyPools(options);
  for (const side of poolSides) {
    for (const run of runs[side]) pools = withRun(pools, side, run, readTrials);
  }
  return pools;
}

/** A run that yields nothing is tried again this often before the machine is to blame. */
const attemptsAllowed = 3;

/** Runs until both sides are full; returns the pools. Throws when runs keep yielding nothing. */
export async function makePools(options: MakePoolsOptions): Promise<Pools> {
  let pools = readPools(options.path) ?? emptyPools(options);
  refuseOtherPlan(pools, options);
  let barren = 0;
  for (;;) {
    const sides = nextSides(pools, options);
    if (sides.length === 0) return pools;
    const runs = await Promise.all(sides.map((side) => runOnce(options, side)));
    const before = sizeOf(pools);
    for (const [at, side] of sides.entries()) {
      const run = runs[at];
      if (run) pools = withRun(pools, side, run, options.readTrials);
    }
    barren = sizeOf(pools) > before ? 0 : barren + 1;
    if (barren >= attemptsAllowed) {
      throw new LabError('TRAFFIC_FAILED', `${barren} runs in a row had no valid trial`, {
        hint: `Run \`failover-lab run ${options.scenario}\` and look at its reasons.`,
      });
    }
    writePools(options.path, pools);
    options.onProgress(pools);
  }
}

function sizeOf({ trials }: Pools): number {
  return trials.unchanged.length + trials.slower.length;
}

function emptyPools(options: PoolPlan): Pools {
  const { scenario, seed, trialsPerRun, periodMs, slowerController, reuse, sideBySide } = options;
  return {
    schemaVersion: 1,
    scenario,
    seed,
    trialsPerRun,
    periodMs,
    resolutionMs: { networkOutageMs: 0, tcpStallMs: 0 },
    slowerController,
    reuse,
    sideBySide,
    environment: {},
    invalid: { unchanged: 0, slower: 0 },
    trials: { unchanged: [], slower: [] },
  };
}

/** The plan of a pool's file, which later runs have to continue. */
const fixedByPlan = [
  'scenario',
  'seed',
  'trialsPerRun',
  'slowerController',
  'reuse',
  'sideBySide',
] as const;

function refuseOtherPlan(pools: Pools, options: MakePoolsOptions): void {
  for (const key of fixedByPlan) {
    if (pools[key] === options[key]) continue;
    const message = `${options.path} was started with ${key} ${pools[key]}, not ${options[key]}`;
    throw new LabError('WRONG_USE', message, {
      hint: 'Name another file, or continue with that plan.',
    });
  }
}

/** The sides to run now: the emptier one, or every one that has room; none when both are full. */
function nextSides({ trials }: Pools, options: MakePoolsOptions): PoolSide[] {
  const room = poolSides.filter((side) => trials[side].length < options.trialsPerSide);
  const emptiestFirst = room.sort((a, b) => trials[a].length - trials[b].length);
  return options.sideBySide ? emptiestFirst : emptiestFirst.slice(0, 1);
}

/** Null when the command gave no result at all; its reason goes to standard error by itself. */
async function runOnce(options: MakePoolsOptions, side: PoolSide): Promise<RunResult | null> {
  const [program, ...first] = options.command;
  const slower = side === 'slower' ? ['--controller', options.slowerController] : [];
  const reuse = options.reuse ? ['--reuse'] : [];
  const { scenario, trialsPerRun, seed } = options;
  const plan = ['--trials', String(trialsPerRun), '--seed', String(seed), '--json'];
  const words = ['run', scenario, ...plan, ...reuse, ...slower];
  const child = await execa(program, [...first, ...words], {
    reject: false,
    stderr: 'inherit',
    cancelSignal: options.signal,
    forceKillAfterDelay: 30_000,
  });
  if (options.signal.aborted) throw new LabError('INTERRUPTED', 'making pools was interrupted');
  try {
    return runResultSchema.parse(JSON.parse(child.stdout));
  } catch (cause) {
    if (child.exitCode === 64 || child.exitCode === 69) {
      throw new LabError('WRONG_USE', `the run of ${scenario} was rejected: ${messageOf(cause)}`);
    }
    return null;
  }
}

function withRun(pools: Pools, side: PoolSide, run: RunResult, readTrials: ReadTrials): Pools {
  const rows = readTrials(run).map((row, index) => ({ runId: run.runId, index, ...row }));
  const resolutions = run.trials.map((trial) => ({
    networkOutageMs: trial.network?.forward.resolutionMs ?? 0,
    tcpStallMs: trial.tcp?.resolutionMs ?? 0,
  }));
  const coarsest = (metric: 'networkOutageMs' | 'tcpStallMs') =>
    Math.max(pools.resolutionMs[metric], ...resolutions.map((one) => one[metric]));
  return {
    ...pools,
    environment: run.environment,
    resolutionMs: {
      networkOutageMs: coarsest('networkOutageMs'),
      tcpStallMs: coarsest('tcpStallMs'),
    },
    invalid: { ...pools.invalid, [side]: pools.invalid[side] + run.trials.length - rows.length },
    trials: { ...pools.trials, [side]: [...pools.trials[side], ...rows] },
  };
}
