/** What a trial costs beyond its own time when it is executed elsewhere: empty trials, many of them. */
import { randomUUID } from 'node:crypto';
import { availableParallelism, loadavg } from 'node:os';
import type { Farm } from '../campaign/farm/farm.js';
import { jobOf } from '../campaign/farm/job.js';
import { prepareRun } from '../campaign/prepare.js';
import { nowNs } from '../clock.js';
import { LabError } from '../errors.js';
import { type FarmRequest, type LabRequest, rootOf, runOptionsOf } from './options.js';
import { withFarm } from './with-farm.js';

export interface BenchFarmRequest extends LabRequest, FarmRequest {
  /** Its resolved form travels with every job. */
  scenario: string;
  /** Empty trials. */
  trials: number;
  /** What each takes by itself, in milliseconds. */
  emptyMs: number;
  parallel?: number;
}

export interface BenchFarmResult {
  trials: number;
  emptyMs: number;
  /** Jobs whose first record came back. */
  done: number;
  /** Records beyond the first of a job. */
  surplus: number;
  /** Why jobs were not executed, each once. */
  failures: string[];
  /** From the first job to the last record, in milliseconds; preparing machines is not in it. */
  tookMs: number;
  /** Preparing the machines, in milliseconds. */
  readyMs: number;
  /** Trials that all machines execute at a time. */
  slots: number;
  /** Beyond its own time, for each place where one is executed at a time, in milliseconds. */
  costMs: number;
  /** Characters of a job, as it travels. */
  jobCharacters: number;
  cores: number;
  loadBefore: number;
  node: string;
}

/** Have empty trials executed, and count. Throws as `run` does. */
export async function benchFarm(request: BenchFarmRequest): Promise<BenchFarmResult> {
  const loadBefore = loadavg()[0] ?? 0;
  const began = nowNs();
  const options = runOptionsOf(request.scenario, { ...request, trials: 1, seed: 1 });
  return withFarm(request, options, async ({ farm, ...rest }) => {
    if (!farm) throw new LabError('WRONG_USE', 'bench farm needs --on or --queue.');
    const { trials } = await prepareRun(rootOf(request), { ...rest, farm });
    const [plan] = trials;
    if (!plan) throw new LabError('INTERNAL', 'A plan without a trial.');
    const readyMs = (nowNs() - began) / 1e6;
    const runId = randomUUID();
    let surplus = 0;
    farm.onSurplus(runId, () => {
      surplus += 1;
    });
    const jobs = Array.from({ length: request.trials }, (_, index) => ({
      ...jobOf(
        { ...plan, index },
        {
          ...{ package: farm.packageName, runId, key: `${runId}.${index}.0` },
          ...{ place: farm.place, head: plan.scenario },
        },
      ),
      emptyMs: request.emptyMs,
    }));
    const outcomes = await runAll(farm, jobs);
    await farm.collect(runId);
    const slots = farm.width(true);
    const done = outcomes.failures.length === 0 ? jobs.length : outcomes.done;
    const { tookMs, failures } = outcomes;
    return {
      ...{ trials: jobs.length, emptyMs: request.emptyMs, done, surplus, tookMs, readyMs, slots },
      failures: [...new Set(failures)],
      costMs: (tookMs * slots) / jobs.length - request.emptyMs,
      jobCharacters: JSON.stringify(jobs[0]).length,
      ...{ cores: availableParallelism(), loadBefore, node: process.versions.node },
    };
  });
}

async function runAll(farm: Farm, jobs: Parameters<Farm['run']>[0][]) {
  const began = nowNs();
  const outcomes = await Promise.all(jobs.map((job) => farm.run(job)));
  const failures = outcomes.flatMap((one) => ('failed' in one ? [one.failed.message] : []));
  return { tookMs: (nowNs() - began) / 1e6, failures, done: jobs.length - failures.length };
}
