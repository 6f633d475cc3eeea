/** Puts the shards of one plan together again. Pure. */
import type { JudgedRun, RunResult, TrialResult, Verdict } from '../../harness/analysis/result.js';
import { summarize } from '../../harness/analysis/summary.js';
import { LabError } from '../../harness/errors.js';
import { fingerprintDifferences, fingerprintOf } from './baseline.js';
import { readingsOf, valuesOf } from './readings.js';

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
  return { ...merged, summary: summaryOf(merged) };
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

/** What a shard alone is told about: that it is a part. Together they must be the whole. */
const partOfPlan = /^\d+ of (\d+) trials were started$/;
const aboutOneTrial = /^trial \d+: /;

function judgementOf(runs: readonly RunResult[], trials: readonly TrialResult[]) {
  const reasons = [...new Set(runs.flatMap((run) => run.reasons))];
  const planned = Math.max(
    0,
    ...reasons.map((reason) => Number(partOfPlan.exec(reason)?.[1] ?? 0)),
  );
  const kept = reasons.filter((reason) => !partOfPlan.test(reason));
  const missing =
    trials.length < planned ? [`${trials.length} of ${planned} trials are in these runs`] : [];
  const ofRuns = kept.filter((reason) => !aboutOneTrial.test(reason));
  const invalid = trials.filter((trial) => trial.verdict === 'inconclusive').length;
  const unsure = missing.length > 0 || ofRuns.length > 0 || 10 * invalid > trials.length;
  const failed = trials.some((trial) => trial.verdict === 'fail');
  const verdict: Verdict = failed ? 'fail' : unsure ? 'inconclusive' : 'pass';
  return { verdict, reasons: [...missing, ...kept] };
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
  if (repeated) throw mismatch(`trial ${repeated.index} is in two of them`);
}

function mismatch(what: string): LabError {
  return new LabError('WRONG_USE', `these runs are not shards of one plan: ${what}`, {
    hint: 'Run every shard with the same scenario, --seed and --trials on machines of one kind.',
  });
}

function worstExitCode(codes: ReadonlyArray<number | null>): number | null {
  const failed = codes.find((code) => code !== null && code !== 0);
  return failed ?? (codes.includes(null) ? null : 0);
}

function summaryOf(run: RunResult): RunResult['summary'] {
  const rows = readingsOf(run);
  return {
    networkOutageMs: summarize(valuesOf(rows, 'networkOutageMs')),
    tcpStallMs: summarize(valuesOf(rows, 'tcpStallMs')),
  };
}
