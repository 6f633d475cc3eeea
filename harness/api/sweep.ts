/** `sweep`: every element of a scenario fails in turn. */
import { resolve as absolute, join } from 'node:path';
import { renderSweepHtml } from '../../reports/sweep/html.js';
import { sweepJson } from '../../reports/sweep/json.js';
import { openRun, replacementsOf } from '../campaign/live-run.js';
import type { RunOptions } from '../campaign/prepare.js';
import { type PreparedSweep, prepareSweep } from '../campaign/prepare-sweep.js';
import { runCampaign } from '../campaign/schedule.js';
import type { SweepRequest as Space } from '../campaign/space/sweep-plan.js';
import { type RecordedRun, readRun } from '../campaign/store/read-run.js';
import { unwritable } from '../campaign/store/run-folder.js';
import {
  prepareResumed,
  type ResumedRun,
  readUnfinished,
  resumedOptions,
} from '../campaign/store/unfinished-run.js';
import { sweep as strategy } from '../campaign/strategies/sweep.js';
import { LabError } from '../errors.js';
import { judgeSweep, type SweepResult } from '../judge/sweep.js';
import type { SweepPlan } from '../model/failure-case.js';
import type { EventOf } from '../model/history/events.js';
import { replaceFile } from '../safe-files.js';
import { type Run, runOf } from './judge.js';
import {
  commandOf,
  type FarmRequest,
  type LabRequest,
  listenersOf,
  rootOf,
  runOptionsOf,
} from './options.js';
import { scenarioIn } from './sweep-record.js';
import { widthOf, withFarm } from './with-farm.js';
import { writeReports } from './write-reports.js';

export interface SweepRequest extends LabRequest, FarmRequest, Space {
  /** Trials of each case, 1 to 1000. Left out: 1. */
  trials?: number;
  /** Trials at the same time, each in a lab of its own. Left out: 1. */
  parallel?: number;
  /** Called before the first trial: what the sweep consists of. */
  onPlan?: (plan: SweepPlan) => void;
}

export interface Sweep extends Run {
  plan: SweepPlan;
  /** What `sweep.json` holds. */
  swept: SweepResult;
}

/**
 * Fail every element that the traffic of a scenario could depend on, one after the other, and judge
 * each. Throws as `run` does; WRONG_USE also for traffic that has one path only, with the cut.
 */
export async function sweep(scenario: string, request: SweepRequest = {}): Promise<Sweep> {
  const options = { ...runOptionsOf(scenario, request), ...spaceOf(request) };
  if (request.command === undefined) options.command = sweepCommand(options);
  return withFarm(request, options, async (there) =>
    runSweep(await prepareSweep(rootOf(request), { ...options, ...there }), there, request),
  );
}

/** Go on with a sweep that was interrupted. @param folder `true`: the newest below `out`. */
export async function resumeSweep(
  folder: string | true,
  request: SweepRequest & { scenario?: string; onResume?: (done: number, planned: number) => void },
): Promise<Sweep> {
  const { scenario = '', onResume } = request;
  const asked = runOptionsOf(scenario, request);
  const resumed = await readUnfinished(folder, asked.out);
  const plan = campaignOf(resumed.header, resumed.folder);
  const wanted = resumedOptions(resumed, { ...asked, scenario: request.scenario });
  onResume?.(resumed.done.length, resumed.done.length + (wanted.indexes?.length ?? 0));
  return withFarm(request, wanted, (options) => resumeAt(resumed, plan, options, request));
}

async function resumeAt(
  resumed: ResumedRun,
  plan: SweepPlan,
  options: RunOptions,
  request: SweepRequest,
): Promise<Sweep> {
  let campaign: PreparedSweep | undefined;
  const prepared = await prepareResumed(rootOf(request), options, resumed, async (root, again) => {
    campaign = await prepareSweep(root, {
      ...again,
      ...plan.asked,
      trials: plan.rounds,
      planned: plan,
    });
    return campaign;
  });
  if (resumed.ended && prepared.trials.length === 0) return sweepOf(resumed.recorded, plan);
  const ready = { ...prepared, campaign: plan };
  return runSweep(ready, { ...options, trials: plan.rounds }, request, resumed);
}

/** Read a sweep and judge it again. Throws RECORD_UNREADABLE, WRONG_USE for another record. */
export async function readSweep(path: string): Promise<Sweep> {
  const run = await readRun(path);
  const header = run.events.find((event) => event.kind === 'run.header');
  if (header?.kind !== 'run.header')
    throw new LabError('RECORD_UNREADABLE', `${path} has no head.`);
  return sweepOf(run, campaignOf(header, run.folder));
}

async function runSweep(
  prepared: PreparedSweep,
  options: RunOptions,
  request: SweepRequest,
  resumed?: ResumedRun,
): Promise<Sweep> {
  const plan = prepared.campaign;
  request.onPlan?.(plan);
  const count = plan.cases.length * plan.rounds;
  const { indexes, ...whole } = options;
  const opening = { ...whole, trials: count };
  const live = {
    ...listenersOf(request),
    write: (run: RecordedRun) => writeSweep(run, plan),
    ...(resumed ? { resume: resumed } : {}),
  };
  const lane = {
    replacements: replacementsOf(prepared, opening, resumed),
    open: () => openRun(prepared, opening, live),
  };
  const run = await runCampaign(strategy(prepared.trials), [lane], {
    parallel: widthOf(options, false),
  });
  if (!run) throw new LabError('INTERNAL', 'The sweep ended without a record.');
  return sweepOf(run, plan);
}

function sweepOf(run: RecordedRun, plan: SweepPlan): Sweep {
  return { ...runOf(run), plan, swept: judgeSweep(plan, run.judged) };
}

/** Write what a run has, and sweep.json and sweep.html beside it. Throws RUN_FOLDER_UNWRITABLE. */
async function writeSweep(run: RecordedRun, plan: SweepPlan): Promise<void> {
  await writeReports(run);
  const swept = sweepOf(run, plan);
  const html = await renderSweepHtml(swept.swept, scenarioIn(run));
  try {
    replaceFile(join(run.folder, 'sweep.json'), sweepJson(swept.swept));
    replaceFile(join(run.folder, 'sweep.html'), html);
  } catch (cause) {
    throw unwritable(run.folder, cause);
  }
}

function campaignOf({ campaign }: EventOf<'run.header'>, folder: string): SweepPlan {
  if (campaign?.kind === 'sweep') return campaign;
  throw new LabError('WRONG_USE', `${absolute(folder)} is not the record of a sweep.`, {
    hint: 'Name a folder below runs/sweep-<scenario>/.',
  });
}

function spaceOf({ elements, faults, pairs }: SweepRequest): Space {
  return {
    ...(elements === undefined ? {} : { elements }),
    ...(faults === undefined ? {} : { faults }),
    ...(pairs === undefined ? {} : { pairs }),
  };
}

function sweepCommand(options: RunOptions & Space): string[] {
  const words = commandOf(options).map((word, place) => (place === 1 ? 'sweep' : word));
  const { elements, faults, pairs } = options;
  return [
    ...words,
    ...(elements ? ['--elements', elements.join(',')] : []),
    ...(faults ? ['--faults', faults.join(',')] : []),
    ...(pairs === undefined ? [] : ['--pairs', String(pairs)]),
  ];
}
