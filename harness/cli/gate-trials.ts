/** The trials of a gate, run now or recorded before, and their judgement against the baseline. */

import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import {
  type Baseline,
  fingerprintDifferences,
  fingerprintOf,
  type GateResult,
  gatePlan,
  judgeGate,
  needsMoreTrials,
} from '../../reports/gate/index.js';
import { withTexts } from '../../reports/with-texts.js';
import { createResultFolder } from '../campaign/run-folder.js';
import { nowNs, wallTime } from '../clock.js';
import { LabError } from '../errors.js';
import { judge } from '../judge/judge.js';
import { type HistoryEvent, historyVersion } from '../model/history/events.js';
import { replaceFile } from '../safe-files.js';
import type { CommandContext } from './context.js';
import { type JoinedRun, joinedHtml, joinRuns, scenarioOf } from './joined-run.js';
import { prepareRun, type RunOptions } from './prepare.js';
import type { RecordedRun } from './record.js';
import { runScenario } from './run-scenario.js';

export interface GateRequest {
  scenario: string;
  name: string;
  baseline: Baseline;
  /** Trials of the first half; left out: the usual number. */
  trials: number | undefined;
  options: Omit<RunOptions, 'seed' | 'trials' | 'indexes'>;
  acrossEnvironments: boolean;
}

export interface JudgedGate {
  result: GateResult;
  run: JoinedRun;
  /** Holds gate.json and report.html. */
  folder: string;
  interrupted: boolean;
}

/**
 * The refusal of another machine before anything is built on it; null when its milliseconds may be
 * compared, or bounds are to decide.
 */
async function refusedBeforehand(
  request: GateRequest,
  options: RunOptions,
  root: string,
): Promise<JudgedGate | null> {
  if (request.acrossEnvironments) return null;
  const { environment, trials } = await prepareRun(root, options);
  const [first] = trials;
  const differences = fingerprintDifferences(
    request.baseline.environment,
    fingerprintOf(environment),
  );
  if (differences.length === 0 || !first) return null;
  // A record of nothing but its head: the judgement and every report are made as of any other.
  const head: HistoryEvent = {
    ...{ kind: 'run.header', atNs: nowNs(), trial: first.index, schemaVersion: historyVersion },
    ...{ runId: randomUUID(), scenario: first.scenario, seed: options.seed },
    ...{ trials: options.trials, indexes: [], wallTime: wallTime().toISOString() },
    ...{ command: options.command, environment },
  };
  const run = { folders: [], events: [head], judged: judge([head]) };
  const result = judgeGate(request.baseline, run.judged.result, { scenario: first.scenario });
  const folder = await writeGate(request, { result, run });
  return { result, run, folder, interrupted: false };
}

/** The first half of the baseline's own plan; the second half only when the first says too little. */
export async function gateByRunning(
  request: GateRequest,
  { root, screen }: CommandContext,
): Promise<JudgedGate> {
  const plan = gatePlan(request.baseline, request.trials);
  const common = { ...request.options, seed: plan.seed, trials: plan.trials };
  const refused = await refusedBeforehand(request, { ...common, indexes: plan.first }, root);
  if (refused) return refused;
  const parts: RecordedRun[] = [];
  const judged = (doubled: boolean) => judgeParts(request, parts, doubled);
  const runPart = async (indexes: number[]) => {
    const run = await runScenario(root, { ...common, indexes }, screen);
    parts.push(run);
    return run.judged.result.interrupted;
  };
  let interrupted = await runPart(plan.first);
  let gate = judged(false);
  if (!interrupted && needsMoreTrials(gate.result) && plan.second.length > 0) {
    const many = `${plan.first.length} trials`;
    screen.err(`inconclusive with ${many}: adding ${plan.second.length}\n`);
    interrupted = await runPart(plan.second);
    gate = judged(true);
  }
  return { ...gate, folder: await writeGate(request, gate), interrupted };
}

/** The same judgement on runs that were recorded before, on this machine or on others. */
export async function gateRecorded(
  request: GateRequest,
  recorded: readonly RecordedRun[],
): Promise<JudgedGate> {
  const parts = recorded.filter(({ judged }) => judged.result.scenario === request.name);
  if (parts.length === 0) {
    throw new LabError('WRONG_USE', `None of the recorded runs is of ${request.name}.`);
  }
  const { first } = gatePlan(request.baseline, request.trials);
  const trials = parts.reduce((sum, { judged }) => sum + judged.result.trials.length, 0);
  const gate = judgeParts(request, parts, trials > first.length);
  return { ...gate, folder: await writeGate(request, gate), interrupted: false };
}

function judgeParts(
  { baseline, acrossEnvironments }: GateRequest,
  parts: readonly RecordedRun[],
  doubled: boolean,
): Pick<JudgedGate, 'result' | 'run'> {
  // The joined run has the environment of its first part: the one that differs most counts.
  const differing = [...parts].sort((a, b) => strangeness(baseline, b) - strangeness(baseline, a));
  const run = joinRuns(differing, { acrossEnvironments });
  const scenario = scenarioOf(run.events);
  const options = { scenario, acrossEnvironments, doubled };
  return { run, result: judgeGate(baseline, run.judged.result, options) };
}

function strangeness(baseline: Baseline, { judged }: RecordedRun): number {
  const now = fingerprintOf(judged.result.environment);
  return fingerprintDifferences(baseline.environment, now).length;
}

/** gate.json and the page, from the same judged data as the terminal's words. */
async function writeGate(
  { name, options }: GateRequest,
  { result, run }: Pick<JudgedGate, 'result' | 'run'>,
): Promise<string> {
  const folder = createResultFolder(resolve(options.out), `gate-${name}`);
  replaceFile(join(folder, 'gate.json'), `${JSON.stringify(withTexts(result), null, 2)}\n`);
  replaceFile(join(folder, 'report.html'), await joinedHtml(run, { baseline: result }));
  return folder;
}
