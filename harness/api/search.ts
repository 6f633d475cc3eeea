/** `search`: the worst failure, found by itself. */
import { join, relative } from 'node:path';
import { searchJson } from '../../reports/search/forms.js';
import { renderSearchHtml } from '../../reports/search/html.js';
import { evidenceText, scheduleText } from '../../reports/search/words.js';
import { quoteCommand } from '../../reports/shell.js';
import { openRun, replacementsOf } from '../campaign/live-run.js';
import type { RunOptions } from '../campaign/prepare.js';
import { type PreparedSearch, prepareSearch } from '../campaign/prepare-search.js';
import { firstDifference } from '../campaign/same-record.js';
import { runCampaign } from '../campaign/schedule.js';
import type { RecordedRun } from '../campaign/store/read-run.js';
import { unwritable } from '../campaign/store/run-folder.js';
import {
  prepareResumed,
  type ResumedRun,
  readUnfinished,
  resumedOptions,
} from '../campaign/store/unfinished-run.js';
import {
  type SearchFinding,
  type SearchOutcome,
  type SearchTrial,
  search as strategy,
} from '../campaign/strategies/search.js';
import type { CampaignState } from '../campaign/strategy.js';
import { LabError } from '../errors.js';
import { combine } from '../judge/combine.js';
import { findingsOf } from '../judge/findings.js';
import { scoreOf } from '../judge/objective.js';
import { worstDirection } from '../judge/outage.js';
import {
  type FoundFailure,
  type SearchedTrial,
  type SearchResult,
  searchResultVersion,
} from '../judge/search-result.js';
import { type SearchObjective, type SearchPlan, searchObjectives } from '../model/failure-case.js';
import type { Evidence, ScheduledFailure } from '../model/finding.js';
import type { HistoryEvent } from '../model/history/events.js';
import type { TrialResult, Verdict } from '../model/result.js';
import { isValid, wasCutShort } from '../model/trial-status.js';
import { replaceFile } from '../safe-files.js';
import { type FindingScenario, findingFile } from './finding-file.js';
import { type Run, runOf } from './judge.js';
import {
  commandOf,
  type FarmRequest,
  type LabRequest,
  listenersOf,
  rootOf,
  runOptionsOf,
} from './options.js';
import { widthOf, withFarm } from './with-farm.js';
import { writeReports } from './write-reports.js';

/** What a property of a program gets: a trial, and the failures that it was given. */
export interface CheckedTrial {
  trial: TrialResult;
  schedule: readonly ScheduledFailure[];
  events: readonly HistoryEvent[];
}

export interface SearchRequest extends LabRequest, FarmRequest {
  /** Trials at the most, 2 to 1000. Left out: 40. */
  budget?: number;
  /** What makes a trial bad. Left out: `outage`. */
  objective?: SearchObjective;
  /** Classes of elements, or names of single ones. Left out: all. */
  elements?: readonly string[];
  /** Kinds of faults. Left out: all that fit. */
  faults?: readonly string[];
  /** Failures of one trial at the most, 1 to 6. Left out: 2. */
  atOnce?: number;
  /** When the last failure of a trial may begin, after the first one's moment, milliseconds. Left out: 4000. */
  horizonMs?: number;
  /** Trials that may go into making one finding simpler. Left out: 12. */
  simplifyMost?: number;
  /** Trials at the same time, each in a lab of its own. Left out: 1. */
  parallel?: number;
  /** What must hold of every trial; throws, or returns false, where it does not. Left out: nothing more. */
  property?: (trial: CheckedTrial) => unknown;
  /** Called before the first trial. */
  onPlan?: (plan: SearchPlan, options: number) => void;
  /** Called when a trial is over, with the number of findings so far. */
  onTrial?: (trial: SearchedTrial, findings: number) => void;
  /** Called when the record was read that a search goes on with. */
  onResume?: (done: number) => void;
}

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
        ? 'A finding takes a trial that shows it and one that shows it again: allow at least 2 trials.'
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

interface Known {
  trial: TrialResult;
  outcome: SearchOutcome;
  events: readonly HistoryEvent[];
}

/** What came of each trial, judged once. */
class Outcomes {
  readonly #prepared: PreparedSearch;
  readonly #request: SearchRequest;
  readonly #known = new Map<number, Known>();

  constructor(prepared: PreparedSearch, request: SearchRequest, resumed: ResumedRun | undefined) {
    this.#prepared = prepared;
    this.#request = request;
    if (!resumed) return;
    const { events, judged } = resumed.recorded;
    for (const trial of judged.result.trials) {
      if (wasCutShort(trial)) continue;
      const own = events.filter(
        (event) => event.trial === trial.index && (event.attempt ?? 0) === trial.attempt,
      );
      this.#note(trial, own);
    }
  }

  of(index: number, { begun }: CampaignState): SearchOutcome | undefined {
    const known = this.#known.get(index);
    if (known) return known.outcome;
    const one = begun.find(({ plan }) => plan.index === index)?.outcome;
    if (!one || one.reason === 'interrupted' || !one.judged) return undefined;
    const { outcome } = this.#note(one.judged.result, one.judged.events);
    const trial = this.#prepared.search.trials[index];
    if (trial) this.#request.onTrial?.(this.told(trial), this.#prepared.search.findings.length);
    return outcome;
  }

  #note(trial: TrialResult, events: readonly HistoryEvent[]): Known {
    const { search: state, campaign, base } = this.#prepared;
    const asked = state.trials[trial.index];
    const found = asked ? findingsOf(trial, events, this.#prepared.planOf(asked).scenario) : [];
    const outcome: SearchOutcome = {
      score: scoreOf(campaign.objective, trial, events),
      evidence: this.#request.property && asked ? this.#checked(trial, asked, events) : found,
      invalid: !isValid(trial),
      ...this.#difference(asked, events, base.name),
    };
    const known = { trial, outcome, events };
    this.#known.set(trial.index, known);
    return known;
  }

  #checked(
    trial: TrialResult,
    { schedule }: SearchTrial,
    events: readonly HistoryEvent[],
  ): Evidence[] {
    if (!isValid(trial)) return [];
    try {
      if (this.#request.property?.({ trial, schedule, events }) !== false) return [];
      return [{ kind: 'property-broken', message: 'the property does not hold' }];
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      return [{ kind: 'property-broken', message: message.split('\n', 1)[0] ?? '' }];
    }
  }

  /** In virtual time a replay is the same, event by event, but for the number of its trial. */
  #difference(
    asked: SearchTrial | undefined,
    events: readonly HistoryEvent[],
    _name: string,
  ): { differs?: Evidence } {
    const { search: state, environment } = this.#prepared;
    if (asked?.purpose !== 'replay' || asked.finding === null) return {};
    if (environment.clock !== 'virtual') return {};
    const before = this.#known.get(state.findings[asked.finding]?.found ?? -1)?.events;
    if (!before) return {};
    const found = firstDifference(before.map(asFirst), events.map(asFirst));
    if (!found) return {};
    const { place, before: was, now } = found;
    return {
      differs: {
        ...{ kind: 'not-repeatable', place },
        ...{ before: was?.slice(0, 300) ?? '', now: now?.slice(0, 300) ?? '' },
      },
    };
  }

  told({ index, purpose, finding, schedule }: SearchTrial): SearchedTrial {
    const known = this.#known.get(index);
    const { network } = known?.trial ?? { network: null };
    const worst = network === null ? null : worstDirection([network.forward, network.reverse]);
    return {
      ...{ index, purpose, finding, schedule },
      verdict: known?.trial.verdict ?? 'inconclusive',
      valid: known !== undefined && !known.outcome.invalid,
      outageMs: worst?.outageAtLeastMs ?? null,
      ended: worst === null || worst.outageMs !== null,
      score: known?.outcome.score ?? 0,
      evidence: known?.outcome.evidence.map(({ kind }) => kind) ?? [],
    };
  }

  has(index: number): boolean {
    return this.#known.has(index);
  }
}

function asFirst(event: HistoryEvent): HistoryEvent {
  const { attempt: _, ...rest } = event as HistoryEvent & { attempt?: number };
  return { ...rest, trial: 0 } as HistoryEvent;
}

async function writeFindings(
  run: RecordedRun,
  prepared: PreparedSearch,
  outcomes: Outcomes,
  options: RunOptions,
): Promise<SearchResult> {
  const { search: state, campaign } = prepared;
  const { result } = run.judged;
  const trials = state.trials
    .filter(({ index }) => outcomes.has(index))
    .map((one) => outcomes.told(one));
  const files = state.findings.map((finding, place) =>
    fileOf(run.folder, prepared, options, finding, place),
  );
  const findings = state.findings.map((finding, place): FoundFailure => {
    const { evidence, schedule, foundWith, found, replays, shown, seenAgain } = finding;
    const file = files[place];
    return {
      ...{ number: place + 1, evidence, schedule, state: finding.state, foundWith },
      trials: { found, replays, shown, again: seenAgain },
      file: file?.name ?? null,
      command: file?.command ?? null,
    };
  });
  const valid = trials.filter((trial) => trial.valid);
  const searched: SearchResult = {
    schemaVersion: searchResultVersion,
    scenario: result.scenario,
    question: prepared.base.question,
    controller: result.controller,
    seed: result.seed,
    wallTime: result.wallTime,
    command: result.command,
    environment: result.environment,
    plan: campaign,
    verdict: combine<Verdict>([
      ...(findings.length > 0 ? (['fail'] as const) : []),
      ...(valid.length === 0 || result.interrupted || result.doubts.length > 0
        ? (['inconclusive'] as const)
        : []),
    ]),
    interrupted: result.interrupted,
    doubts: result.doubts,
    options: state.options,
    findings,
    trials,
    worst: valid.reduce<SearchedTrial | null>(
      (worst, one) => (worst === null || one.score > worst.score ? one : worst),
      null,
    ),
  };
  const html = await renderSearchHtml(searched, prepared.base);
  try {
    for (const file of files) if (file) replaceFile(join(run.folder, file.name), file.text);
    replaceFile(join(run.folder, 'search.json'), searchJson(searched));
    replaceFile(join(run.folder, 'search.html'), html);
  } catch (cause) {
    throw unwritable(run.folder, cause);
  }
  return searched;
}

function fileOf(
  folder: string,
  { file: base, timelineOf, expectOf, base: scenario }: PreparedSearch,
  { seed, sandbox, controller }: RunOptions,
  { evidence, schedule }: SearchFinding,
  place: number,
): { name: string; text: string; command: string[] } {
  const name = `${scenario.name}-finding-${place + 1}.ts`;
  const file = join(folder, name);
  const path = relative(process.cwd(), file);
  const command = [
    ...['failover-lab', 'run', path, '--seed', String(seed)],
    ...(sandbox === 'auto' ? [] : ['--sandbox', sandbox]),
    ...(controller === undefined ? [] : ['--controller', controller]),
  ];
  const shown = command.map((word) => (word === path ? `scenarios/${name}` : word));
  const finding: FindingScenario = {
    ...{ file, base, schedule },
    finding: `Found by a search: ${evidenceText(evidence)}.`,
    command: quoteCommand(shown),
    question: `Does the network get over ${scheduleText(schedule)}?`.slice(0, 200),
    timeline: timelineOf(schedule),
    expect: [...expectOf(schedule), ...demanded(evidence)],
  };
  return { name, text: findingFile(finding), command };
}

/** What fails as long as the finding is there, where the scenario's own expectations say nothing of it. */
function demanded(evidence: Evidence): object[] {
  if (evidence.kind !== 'slower-than-promised') return [];
  const atMost = `${Math.ceil(evidence.promisedMs * 3 + 500)}ms`;
  return [{ kind: 'expectation', metric: 'networkOutageMs', atMost, healCounts: true }];
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
