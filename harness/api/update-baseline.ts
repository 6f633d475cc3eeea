/** Writes the baseline of a scenario, from trials that are run now or were recorded before. */
import { joinRuns, scenarioOf } from '../campaign/store/join-runs.js';
import { LabError, messageOf } from '../errors.js';
import { baselineOf, printBaseline } from '../judge/gate/baseline.js';
import { baselineTrials, virtualBaselineTrials } from '../judge/gate/trial-counts.js';
import { replaceFile } from '../safe-files.js';
import { baselineFile, clockOf } from './baseline-file.js';
import type { Run } from './judge.js';
import { type RunRequest, rootOf } from './options.js';
import { run } from './run.js';

export interface BaselineRequest extends Omit<RunRequest, 'indexes' | 'untilPrecise'> {
  /** Trials of the plan, 1 to 1000. Left out: 20, and 10 in virtual time. */
  trials?: number;
  /** Take these instead of running anything. */
  recorded?: readonly Run[];
}

export interface UpdatedBaseline {
  /** Absolute path; null when the run was interrupted and nothing was written. */
  file: string | null;
  /** What the baseline was made of. */
  parts: readonly Run[];
}

/** Throws as `run` does, and WRONG_USE when no recorded run is of the scenario. */
export async function updateBaseline(
  scenario: string,
  request: BaselineRequest = {},
): Promise<UpdatedBaseline> {
  const clock = clockOf(request);
  const planned = clock === 'virtual' ? virtualBaselineTrials : baselineTrials;
  const { recorded, trials = planned, ...common } = request;
  const { name, file } = baselineFile(scenario, rootOf(request), clock);
  const parts = recorded
    ? recorded.filter(({ result }) => result.scenario === name)
    : [await run(scenario, { ...common, trials })];
  if (!recorded && parts.some(({ result }) => result.interrupted)) return { file: null, parts };
  const { events, judged } = joinRuns(parts);
  const header = events.find((event) => event.kind === 'run.header');
  const ofPlan = header?.kind === 'run.header' ? header.trials : trials;
  const periodMs = scenarioOf(events)?.periodMs ?? null;
  try {
    replaceFile(file, printBaseline(baselineOf(judged.result, periodMs, ofPlan)));
  } catch (cause) {
    const message = `The baseline ${file} cannot be written: ${messageOf(cause)}.`;
    const hint = 'It has to be a new or regular file in a folder that you can write to.';
    throw new LabError('RUN_FOLDER_UNWRITABLE', message, { hint, cause });
  }
  return { file, parts };
}
