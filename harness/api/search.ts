/** `search`: the worst failure, found by itself. */
import { openRun, replacementsOf } from '../campaign/live-run.js';
import type { RunOptions } from '../campaign/prepare.js';
import { type PreparedSearch, prepareSearch } from '../campaign/prepare-search.js';
import { runCampaign } from '../campaign/schedule.js';
import type { RecordedRun } from '../campaign/store/read-run.js';
import {
  prepareResumed,
  type ResumedRun,
  readUnfinished,
  resumedOptions,
} from '../campaign/store/unfinished-run.js';
import { search as strategy } from '../campaign/strategies/search.js';
import { LabError } from '../errors.js';
import type { SearchResult } from '../judge/search-result.js';
import { type SearchPlan, searchObjectives } from '../model/failure-case.js';
import { wasCutShort } from '../model/trial-status.js';
import { type Run, runOf } from './judge.js';
import { commandOf, listenersOf, rootOf, runOptionsOf } from './options.js';
import { writeFindings } from './search-findings.js';
import { Outcomes } from './search-outcomes.js';
import type { SearchRequest } from './search-request.js';
import { widthOf, withFarm } from './with-farm.js';
import { writeReports } from './write-reports.js';

export interface SearchRun extends Run {
  /** What `search.json` holds. */
  searched: SearchResult;
}

const bounds = { budget: [2, 1000], atOnce: [1, 6], simplifyMost: [0, 100] } as const;

/**
 * Draw schedules of failures by the seed, weighted towards what was bad, and make what is found
 * simpler. Throws as `run` does.
 */
export async function search(scenario: string, request: SearchRequest = {}): Promise<SearchRun> {
  const plan = planOf(request);
  const options = { ...runOptionsOf(scenario, request), trials: plan.budget };
  if (request.command === undefined) options.command = searchCommand(options, plan);
  return withFarm(request, options, async (there) =>
    runSearch(await prepareSearch(rootOf(request), there, plan), there, request),
  );
}

/** Go on with a search that was interrupted. @param folder `true`: the newest below `out`. */
export async function resumeSearch(
  folder: string | true,
  request: SearchRequest & { scenario?: string } = {},
): Promise<SearchRun> {
  const { scenario = '', onResume } = request;
  const asked = runOptionsOf(scenario, request);
  const resumed = await readUnfinished(folder, asked.out);
  const { campaign } = resumed.header;
  if (campaign?.kind !== 'search') {
    const message = `${resumed.folder} is not the record of a search.`;
    throw new LabError('WRONG_USE', message, {
      hint: 'Name a folder below runs/search-<scenario>/.',
    });
  }
  const options = resumedOptions(resumed, { ...asked, scenario: request.scenario });
  const done = resumed.recorded.judged.result.trials.filter((trial) => !wasCutShort(trial));
  onResume?.(done.length);
  const { indexes: _, ...wanted } = options;
  return withFarm(request, wanted, (whole) => resumeAt(resumed, campaign, whole, request));
}

async function resumeAt(
  resumed: ResumedRun,
  campaign: SearchPlan,
  whole: RunOptions,
  request: SearchRequest,
): Promise<SearchRun> {
  let opened: PreparedSearch | undefined;
  const prepared = await prepareResumed(rootOf(request), whole, resumed, async (root, again) => {
    opened = await prepareSearch(root, { ...again, trials: campaign.budget }, campaign);
    return opened;
  });
  if (!opened) throw new LabError('INTERNAL', 'The search was not prepared.');
  return runSearch({ ...opened, ...prepared, campaign }, whole, request, resumed);
}

function planOf(request: SearchRequest): SearchPlan {
  const { budget = 40, objective = 'outage', atOnce = 2, simplifyMost = 12 } = request;
  for (const [field, [low, high]] of Object.entries(bounds)) {
    const value = { budget, atOnce, simplifyMost }[field as keyof typeof bounds];
    if (Number.isInteger(value) && value >= low && value <= high) continue;
    const hint =
      field === 'budget' && value < low
        ? 'A finding needs a trial that shows it and one that confirms it: allow at least 2 trials.'
        : `Allowed: a whole number from ${low} to ${high}.`;
    throw new LabError('WRONG_USE', `${field} is ${value}.`, { hint });
  }
  if (!searchObjectives.includes(objective)) {
    throw new LabError('WRONG_USE', `objective is ${objective}.`, {
      hint: `Allowed: ${searchObjectives.join(', ')}.`,
    });
  }
  const { elements, faults, horizonMs = 4000 } = request;
  return {
    kind: 'search',
    asked: {
      ...(elements === undefined ? {} : { elements: [...elements] }),
      ...(faults === undefined ? {} : { faults: [...faults] }),
    },
    ...{ budget, objective, atOnce, horizonMs, simplifyMost },
  };
}

async function runSearch(
  prepared: PreparedSearch,
  options: RunOptions,
  request: SearchRequest,
  resumed?: ResumedRun,
): Promise<SearchRun> {
  const { campaign, search: state } = prepared;
  request.onPlan?.(campaign, state.options);
  const outcomes = new Outcomes(prepared, request, resumed);
  const opening = { ...options, trials: campaign.budget };
  let searched: SearchResult | undefined;
  const live = {
    ...listenersOf(request),
    write: async (run: RecordedRun) => {
      await writeReports(run);
      searched = await writeFindings(run, prepared, outcomes, options);
    },
    ...(resumed ? { resume: resumed } : {}),
  };
  const lane = {
    replacements: replacementsOf(prepared, { ...opening, replace: options.replace ?? 5 }, resumed),
    open: () => openRun(prepared, opening, live),
  };
  const chosen = strategy(state, prepared.planOf, (index, so) => outcomes.of(index, so));
  const run = await runCampaign(chosen, [lane], { parallel: widthOf(options, true) });
  if (!run || !searched) throw new LabError('INTERNAL', 'The search ended without a record.');
  return { ...runOf(run), searched };
}

function searchCommand(options: RunOptions, plan: SearchPlan): string[] {
  const words = commandOf({ ...options, trials: 1 });
  const trials = words.indexOf('--trials');
  const kept = words.filter((_, place) => place !== trials && place !== trials + 1);
  const { budget, objective, atOnce, asked } = plan;
  return [
    ...kept.map((word, place) => (place === 1 ? 'search' : word)),
    ...['--budget', String(budget), '--objective', objective, '--at-once', String(atOnce)],
    ...(asked.elements ? ['--elements', asked.elements.join(',')] : []),
    ...(asked.faults ? ['--faults', asked.faults.join(',')] : []),
  ];
}
