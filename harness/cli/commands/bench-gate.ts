/** `failover-lab bench gate`: how often the gate cries wolf, and how often it sees a slowdown. */
import { dirname, join, resolve } from 'node:path';
import { judgeReadings, readingsOf } from '../../../reports/gate/index.js';
import { renderTable } from '../../../reports/terminal/table.js';
import { judge } from '../../api/judge.js';
import { defaultOut } from '../../api/places.js';
import {
  type BenchGateResult,
  benchGate,
  type GateJudge,
  type GateTally,
} from '../../bench/gate.js';
import { makePools, poolsOfRuns } from '../../bench/make-pools.js';
import { type Pools, readPools } from '../../bench/pools.js';
import { LabError } from '../../errors.js';
import { loadScenario } from '../../language/load.js';
import { resolveScenario } from '../../language/resolve.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import { packageRoot } from '../../package-root.js';
import { makeFolder } from '../../safe-files.js';
import type { CommandContext } from '../context.js';
import { listenForInterruption } from '../signals.js';

export interface BenchGateFlags {
  scenario: string;
  slower: string;
  pools?: string;
  makePools?: boolean;
  recorded?: string[];
  recordedSlower?: string[];
  reuse?: boolean;
  sideBySide?: boolean;
  perSide: number;
  trialsPerRun: number;
  trials: number;
  seed: number;
  json?: boolean;
}

/** Fill the pools if asked to, draw the gates from them and print how they ended. */
export async function runGate(flags: BenchGateFlags, context: CommandContext): Promise<void> {
  const path = resolve(flags.pools ?? join(defaultOut(), 'gate-pools.json'));
  const { written, name } = await loadScenario(flags.scenario, context.root);
  const scenario = resolveScenario(written, { name, seed: flags.seed });
  if (flags.makePools) await fillPools(flags, path, scenario.periodMs, context);
  const pools = flags.recorded ? await recordedPools(flags, scenario.periodMs) : readPools(path);
  if (!pools) {
    throw new LabError('WRONG_USE', `there are no pools in ${context.relative(path)}`, {
      hint: 'Make them with --make-pools; it takes about 10 seconds per trial.',
    });
  }
  const options = {
    seed: flags.seed,
    unchangedGates: 40,
    slowerGates: 20,
    trials: flags.trials,
  };
  const result = benchGate(pools, judgeFor(pools, scenario), options);
  if (flags.json) context.screen.out(`${JSON.stringify(result, null, 2)}\n`);
  else context.screen.out(table(result, pools, context.screen.columns));
}

/** Trials of runs that were made for something else: they share seed and number of trials. */
async function recordedPools(flags: BenchGateFlags, periodMs: number | null): Promise<Pools> {
  const read = async (paths: string[] = []) => {
    const runs = await Promise.all(paths.map(judge));
    return runs.map(({ result }) => result);
  };
  const common = {
    slowerController: flags.slower,
    reuse: flags.reuse ?? false,
    sideBySide: flags.sideBySide ?? false,
  };
  const plan = { ...flags, ...common, periodMs };
  const runs = {
    unchanged: await read(flags.recorded),
    slower: await read(flags.recordedSlower),
  };
  return poolsOfRuns(plan, runs, readingsOf);
}

/** The judgement of `failover-lab gate`, on drawn readings. */
function judgeFor(pools: Pools, scenario: ResolvedScenario): GateJudge {
  const { periodMs, resolutionMs } = pools;
  return (baseline, now, { seed, doubled }) =>
    judgeReadings({ baseline, now, periodMs, resolutionMs, seed }, { scenario, doubled });
}

async function fillPools(
  flags: BenchGateFlags,
  path: string,
  periodMs: number | null,
  context: CommandContext,
): Promise<void> {
  makeFolder(dirname(path));
  const interruption = listenForInterruption(context.screen.err);
  try {
    await makePools({
      path,
      command: [process.execPath, join(packageRoot(), 'harness/setup/start.mjs')],
      scenario: flags.scenario,
      seed: flags.seed,
      trialsPerRun: flags.trialsPerRun,
      trialsPerSide: flags.perSide,
      periodMs,
      slowerController: flags.slower,
      reuse: flags.reuse ?? false,
      sideBySide: flags.sideBySide ?? false,
      readTrials: readingsOf,
      onProgress: ({ trials, invalid }) => {
        const sides = `${trials.unchanged.length} unchanged, ${trials.slower.length} slower`;
        context.screen.err(`${sides}, ${invalid.unchanged + invalid.slower} invalid\n`);
      },
      signal: interruption.interrupted,
    });
  } finally {
    interruption.release();
  }
}

function table(result: BenchGateResult, pools: Pools, columns: number): string {
  const head = ['gates of', 'gates', 'red', 'inconclusive', 'doubled'].map((title, at) => ({
    title,
    align: at === 0 ? ('left' as const) : ('right' as const),
    shrinks: at === 0,
  }));
  const row = (name: string, tally: GateTally) => [
    name,
    ...[tally.gates, tally.red, tally.inconclusive, tally.doubled].map(String),
  ];
  const rows = [
    row('unchanged against itself', result.unchanged),
    row(`${pools.slowerController} against it`, result.slower),
  ];
  const { unchanged, slower } = result.pools;
  const from = `${result.scenario}: drawn from ${unchanged} and ${slower} real trials, `;
  const invalid = `${pools.invalid.unchanged} and ${pools.invalid.slower} were invalid`;
  return `${[...renderTable(head, rows, { columns }), `${from}${invalid}`].join('\n')}\n`;
}
