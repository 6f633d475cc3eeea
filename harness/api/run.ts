/** `run` and `resume`: one scenario, from its name to a judged record. */
import { openRun, replacementsOf } from '../campaign/live-run.js';
import { type PreparedRun, prepareRun, type RunOptions } from '../campaign/prepare.js';
import { runCampaign } from '../campaign/schedule.js';
import {
  prepareResumed,
  type ResumedRun,
  readUnfinished,
  resumedOptions,
} from '../campaign/store/unfinished-run.js';
import { fixed } from '../campaign/strategies/fixed.js';
import { untilPrecise } from '../campaign/strategies/until-precise.js';
import { LabError } from '../errors.js';
import { parsePrecision } from '../judge/until-precise.js';
import { type Run, runOf } from './judge.js';
import {
  type FarmRequest,
  type LabRequest,
  listenersOf,
  type RunRequest,
  rootOf,
  runOptionsOf,
} from './options.js';
import { widthOf, withFarm } from './with-farm.js';
import { writeReports } from './write-reports.js';

/**
 * Run a scenario (a name in scenarios/, or a file), judge it and write its reports. What it measured
 * is the result, whatever its expectations came to. Throws LabError for a scenario that is not
 * valid, a machine that lacks something, and a folder that cannot be written.
 */
export async function run(scenario: string, request: RunRequest = {}): Promise<Run> {
  // Refused before anything is built.
  if (request.untilPrecise !== undefined) parsePrecision(request.untilPrecise);
  if (request.reuse && (request.parallel ?? 1) > 1) {
    const message = 'reuse keeps one lab for all trials; parallel builds several.';
    throw new LabError('WRONG_USE', message, { hint: 'Omit one of them.' });
  }
  return withFarm(request, runOptionsOf(scenario, request), async (options) =>
    runPrepared(await prepareRun(rootOf(request), options), options, request),
  );
}

export interface ResumeRequest extends Omit<LabRequest, 'seed' | 'datapath'>, FarmRequest {
  /** The scenario's name or file, where it is not found by the record's own words. */
  scenario?: string;
  /** Refuse a record that was begun with a fresh lab for every trial. */
  reuse?: boolean;
  /** Called when the record was read: how many of the planned trials it has. */
  onResume?: (done: number, planned: number) => void;
}

/**
 * Go on with a run that was interrupted: its missing trials are added to its record.
 * @param folder Of the record; `true`: the newest below `out`.
 */
export async function resume(folder: string | true, request: ResumeRequest = {}): Promise<Run> {
  const { scenario = '', onResume, reuse = false, ...rest } = request;
  const asked = runOptionsOf(scenario, rest);
  const resumed = await readUnfinished(folder, asked.out);
  const wanted = resumedOptions(resumed, { ...asked, scenario: request.scenario });
  if (reuse && !wanted.reuse) {
    const message = `${resumed.folder} was started with a fresh lab for every trial.`;
    throw new LabError('WRONG_USE', message, { hint: 'Resume it without --reuse.' });
  }
  onResume?.(resumed.done.length, resumed.done.length + (wanted.indexes?.length ?? 0));
  return withFarm({ ...rest, reuse: wanted.reuse ?? false }, wanted, async (options) => {
    const prepared = await prepareResumed(rootOf(request), options, resumed);
    if (resumed.ended && prepared.trials.length === 0) return runOf(resumed.recorded);
    return runPrepared(prepared, options, request, resumed);
  });
}

/** Run what was prepared, judge it and write its reports. */
export async function runPrepared(
  prepared: PreparedRun,
  options: RunOptions,
  request: LabRequest,
  resumed?: ResumedRun,
): Promise<Run> {
  const { trials: plans } = prepared;
  const { reuse = false, untilPrecise: precision } = options;
  const strategy =
    precision === undefined
      ? fixed(plans)
      : untilPrecise(plans, parsePrecision(precision), options.trials);
  const live = {
    ...listenersOf(request),
    write: writeReports,
    ...(resumed ? { resume: resumed } : {}),
  };
  const lane = {
    replacements: replacementsOf(prepared, options, resumed),
    open: () => openRun(prepared, options, live),
  };
  const parallel = widthOf(options, precision !== undefined);
  const recorded = await runCampaign(strategy, [lane], { parallel, keepLabs: reuse });
  if (!recorded) throw new LabError('INTERNAL', 'The campaign ended without a record.');
  return runOf(recorded);
}
