/** Puts the shards of one plan together again. Pure. */

import { LabError } from '../../errors.js';
import { type Reason, reason } from '../../model/reason.js';
import type { JudgedRun, RunPlan, RunResult, TrialResult } from '../../model/result.js';
import { concludeRun } from '../conclude.js';
import { summaryOfTrials } from '../summary.js';
import { fingerprintDifferences, fingerprintOf } from './baseline.js';

export interface MergeOptions {
  /** Machines of several kinds may have made the parts; then nothing but bounds can be judged. */
  acrossEnvironments?: boolean;
}

/**
 * One result out of several of the same scenario, controller, seed and environment, with disjoint
 * trials. Trials are sorted by index, summary, verdict and cleanup are made anew. Throws WRONG_USE
 * naming the first mismatch.
 */
export function mergeRuns(runs: readonly RunResult[], options: MergeOptions = {}): RunResult {
  const [first, ...rest] = runs;
  if (!first) throw new LabError('WRONG_USE', 'there is nothing to merge');
  for (const run of rest) refuseMismatch(first, run, options);
  const trials = runs.flatMap((run) => run.trials).sort((a, b) => a.index - b.index);
  refuseRepeats(trials);
  const merged: RunResult = {
    ...first,
    trials,
    ...judgementOf(runs, trials),
    cleanup: {
      leftovers: runs.flatMap((run) => run.cleanup.leftovers),
      mnCleanExitCode: worstExitCode(runs.map((run) => run.cleanup.mnCleanExitCode)),
    },
  };
  return { ...merged, summary: summaryOfTrials(trials) };
}

/** The same for judged runs; every trial keeps its chart, or none has one. */
export function mergeJudged(runs: readonly JudgedRun[], options: MergeOptions = {}): JudgedRun {
  const result = mergeRuns(
    runs.map((run) => run.result),
    options,
  );
  const chartOf = new Map(
    runs.flatMap(({ result: { trials }, charts }) =>
      trials.map((trial, place) => [trial.index, charts[place]] as const),
    ),
  );
  const charts = result.trials.map((trial) => chartOf.get(trial.index));
  return { result, charts: charts.every((chart) => chart !== undefined) ? charts : [] };
}

/** A shard is a part of its plan. Together they must be the whole. */
function judgementOf(runs: readonly RunResult[], trials: readonly TrialResult[]) {
  const plan = wholePlan(runs);
  const ofOlder = runs.some((run) => run.plan === null) ? [reason('plan-unknown', {})] : [];
  const doubts = unique([...runs.flatMap((run) => run.doubts), ...ofOlder]);
  return {
    ...concludeRun({ plan, doubts }, trials, 'merged'),
    plan,
    interrupted: runs.some((run) => run.interrupted),
    doubts,
  };
}

/** Each of several equal reasons once. */
function unique(reasons: readonly Reason[]): Reason[] {
  return [...new Map(reasons.map((one) => [JSON.stringify(one), one])).values()];
}

function wholePlan(runs: readonly RunResult[]): RunPlan | null {
  const plans = runs.flatMap((run) => run.plan ?? []);
  if (plans.length === 0) return null;
  return {
    trials: Math.max(...plans.map((plan) => plan.trials)),
    indexes: null,
    endsEarly: plans.some((plan) => plan.endsEarly),
  };
}

function refuseMismatch(first: RunResult, run: RunResult, options: MergeOptions): void {
  for (const key of ['scenario', 'controller', 'seed'] as const) {
    if (first[key] === run[key]) continue;
    throw mismatch(`their ${key} differs: ${first[key]} and ${run[key]}`);
  }
  if (options.acrossEnvironments) return;
  const differences = fingerprintDifferences(
    fingerprintOf(first.environment),
    fingerprintOf(run.environment),
  );
  if (differences.length > 0) throw mismatch(`their machines differ: ${differences.join(', ')}`);
}

function refuseRepeats(trials: readonly TrialResult[]): void {
  const repeated = trials.find((trial, at) => trials[at + 1]?.index === trial.index);
  if (repeated) throw mismatch(`two of them contain trial ${repeated.index + 1}`);
}

function mismatch(what: string): LabError {
  return new LabError('WRONG_USE', `these runs are not shards of one plan: ${what}`, {
    hint: 'Run every shard with the same scenario, --seed and --trials on identical machines.',
  });
}

function worstExitCode(codes: ReadonlyArray<number | null>): number | null {
  const failed = codes.find((code) => code !== null && code !== 0);
  return failed ?? (codes.includes(null) ? null : 0);
}
