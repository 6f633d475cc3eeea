/** `gate`: a scenario's trials, run now or recorded before, against its committed baseline. */
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { judgeGate, needsMoreTrials } from '../../reports/gate/index.js';
import { withTexts } from '../../reports/with-texts.js';
import { openRun, replacementsOf } from '../campaign/live-run.js';
import { type PreparedRun, prepareRun, type RunOptions } from '../campaign/prepare.js';
import { runCampaign } from '../campaign/schedule.js';
import { type JoinedRun, joinRuns, scenarioOf } from '../campaign/store/join-runs.js';
import type { RecordedRun } from '../campaign/store/read-run.js';
import { createResultFolder } from '../campaign/store/run-folder.js';
import { gate as firstHalfThenRest } from '../campaign/strategies/gate.js';
import { nowNs, wallTime } from '../clock.js';
import { LabError } from '../errors.js';
import { type Baseline, fingerprintDifferences, fingerprintOf } from '../judge/gate/baseline.js';
import { type GatePlan, gatePlan } from '../judge/gate/plan.js';
import type { GateResult } from '../judge/gate/result.js';
import { judge } from '../judge/judge.js';
import { type HistoryEvent, historyVersion } from '../model/history/events.js';
import type { RunResult } from '../model/result.js';
import { replaceFile } from '../safe-files.js';
import { clockOf, readBaseline } from './baseline-file.js';
import type { Run } from './judge.js';
import { listenersOf, type RunRequest, rootOf, runOptionsOf } from './options.js';
import { widthOf, withFarm } from './with-farm.js';
import { joinedHtml, writeReports } from './write-reports.js';

/** Seed and plan are the baseline's. */
export interface GateRequest extends Omit<RunRequest, 'seed' | 'indexes' | 'untilPrecise'> {
  /** Trials of the first half, 1 to 1000. Left out: 10, and 5 in virtual time. */
  trials?: number;
  /** Machines may differ: then bounds decide, and milliseconds are not compared. */
  acrossEnvironments?: boolean;
  /** Judge these, which were made by the baseline's plan, instead of running anything. */
  recorded?: readonly Run[];
}

export interface JudgedGate {
  /** What `gate.json` holds. */
  result: GateResult;
  /** Everything that was measured, as one run. */
  run: JoinedRun & { result: RunResult };
  /** Holds gate.json and report.html. */
  folder: string;
  interrupted: boolean;
}

type Measured = Pick<JudgedGate, 'result' | 'run'>;

/** One gate, with everything that was left out. */
interface Gate {
  name: string;
  baseline: Baseline;
  options: RunOptions;
  plan: GatePlan;
  acrossEnvironments: boolean;
}

/**
 * Compare with the baseline beside the scenario's file: the first half of its own plan, and the
 * second half only when the first does not decide. Throws WRONG_USE when there is no baseline, and
 * as `run` does.
 */
export async function gate(scenario: string, request: GateRequest = {}): Promise<JudgedGate> {
  const { name, baseline } = readBaseline(scenario, rootOf(request), clockOf(request));
  const plan = gatePlan(baseline, request.trials);
  const { recorded, acrossEnvironments = false } = request;
  const asked = { ...request, seed: plan.seed, trials: plan.trials };
  const options = runOptionsOf(scenario, asked);
  const own: Gate = { name, baseline, options, plan, acrossEnvironments };
  if (recorded) return gateRecorded(own, recorded);
  return withFarm(request, options, (there) => gateByRunning({ ...own, options: there }, request));
}

async function gateByRunning(own: Gate, request: GateRequest): Promise<JudgedGate> {
  const { plan, options } = own;
  const indexes = [...plan.first, ...plan.second];
  const prepared = await prepareRun(rootOf(request), { ...options, indexes });
  const refused = refusedBeforehand(own, prepared);
  if (refused) return written(own, refused, false);
  const [first, second] = [plan.first, plan.second].map((half) => ({
    ...prepared,
    trials: prepared.trials.filter(({ index }) => half.includes(index)),
  })) as [PreparedRun, PreparedRun];
  const listeners = listenersOf(request);
  const laneOf = (part: PreparedRun, half: number[]) => ({
    replacements: replacementsOf(part, options),
    open: () => openRun(part, { ...options, indexes: half }, { ...listeners, write: writeReports }),
  });
  const adding = laneOf(second, plan.second);
  const lanes = [
    laneOf(first, plan.first),
    {
      ...adding,
      late: true,
      open: () => {
        const [after, added] = [plan.first.length, plan.second.length];
        listeners.onProgress({ kind: 'added', label: '', after, added });
        return adding.open();
      },
    },
  ];
  const judged = (parts: readonly RecordedRun[], doubled: boolean) =>
    judgeParts(own, parts, doubled);
  const strategy = firstHalfThenRest(first.trials, second.trials, (run) =>
    needsMoreTrials(judged([run], false).result),
  );
  const { reuse = false } = options;
  const parallel = widthOf(options, false);
  const runs = await runCampaign(strategy, lanes, { parallel, keepLabs: reuse });
  const interrupted = runs.parts.some((part) => part.judged.result.interrupted);
  return written(own, judged(runs.parts, runs.doubled), interrupted);
}

/**
 * The refusal of another machine before anything is built on it; null when its milliseconds may be
 * compared, or bounds are to decide.
 */
function refusedBeforehand(own: Gate, { environment, trials }: PreparedRun): Measured | null {
  const { baseline, options } = own;
  const [first] = trials;
  const differences = fingerprintDifferences(baseline.environment, fingerprintOf(environment));
  if (own.acrossEnvironments || differences.length === 0 || !first) return null;
  // A record of nothing but its head: the judgement and every report are made as of any other.
  const head: HistoryEvent = {
    ...{ kind: 'run.header', atNs: nowNs(), trial: first.index, schemaVersion: historyVersion },
    ...{ runId: randomUUID(), scenario: first.scenario, seed: options.seed },
    ...{ trials: options.trials, indexes: [], wallTime: wallTime().toISOString() },
    ...{ command: options.command, environment },
  };
  const judged = judge([head]);
  const run = { folders: [], events: [head], judged, result: judged.result };
  return { run, result: judgeGate(baseline, judged.result, { scenario: first.scenario }) };
}

/** The same judgement on runs that were recorded before, on this machine or on others. */
async function gateRecorded(own: Gate, recorded: readonly Run[]): Promise<JudgedGate> {
  const parts = recorded.filter(({ result }) => result.scenario === own.name);
  if (parts.length === 0) {
    throw new LabError('WRONG_USE', `None of the recorded runs is of ${own.name}.`);
  }
  const trials = parts.reduce((sum, { result }) => sum + result.trials.length, 0);
  const doubled = trials > own.plan.first.length;
  return written(own, judgeParts(own, parts, doubled), false);
}

function judgeParts(
  { baseline, acrossEnvironments }: Gate,
  parts: readonly RecordedRun[],
  doubled: boolean,
): Measured {
  // The joined run has the environment of its first part: the one that differs most counts.
  const differing = [...parts].sort((a, b) => strangeness(baseline, b) - strangeness(baseline, a));
  const joined = joinRuns(differing, { acrossEnvironments });
  const { result } = joined.judged;
  const options = { scenario: scenarioOf(joined.events), acrossEnvironments, doubled };
  return { run: { ...joined, result }, result: judgeGate(baseline, result, options) };
}

function strangeness(baseline: Baseline, { judged }: RecordedRun): number {
  const now = fingerprintOf(judged.result.environment);
  return fingerprintDifferences(baseline.environment, now).length;
}

/** gate.json and the page, from the same judged data as the terminal's words. */
async function written(
  { name, options }: Gate,
  { result, run }: Measured,
  interrupted: boolean,
): Promise<JudgedGate> {
  const folder = createResultFolder(resolve(options.out), `gate-${name}`);
  replaceFile(join(folder, 'gate.json'), `${JSON.stringify(withTexts(result), null, 2)}\n`);
  replaceFile(join(folder, 'report.html'), await joinedHtml(run, { baseline: result }));
  return { result, run, folder, interrupted };
}
