/** The list of what lies in `runs/`: runs, and what gates, comparisons, sweeps and searches made. */
import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readRegular } from '../../safe-files.js';

export type RunKind = 'run' | 'sweep' | 'search' | 'gate' | 'compare';

/** The file that only this kind has, and its page. The first file that exists decides. */
const kinds: { kind: RunKind; facts: string; page: string }[] = [
  { kind: 'sweep', facts: 'sweep.json', page: 'sweep.html' },
  { kind: 'search', facts: 'search.json', page: 'search.html' },
  { kind: 'gate', facts: 'gate.json', page: 'report.html' },
  { kind: 'compare', facts: 'compare.json', page: 'report.html' },
];

export const pages = ['report.html', ...kinds.map(({ page }) => page)];

/** One run as the list shows it, or what was made from several. */
export interface ListedRun {
  scenario: string;
  time: string;
  kind: RunKind;
  /** Name of the page in its folder. */
  page: string;
  /** Whether it has a record of its own, which can be seen live and compared. */
  recorded: boolean;
  state: 'finished' | 'running' | 'unfinished';
  verdict: string | null;
  /** Its controller or routing; null where the result does not state it. */
  strategy: string | null;
  question: string;
  trials: number | null;
  outageMedianMs: number | null;
  /** Trials that never recovered. */
  censored: number;
  changedAtMs: number;
}

/** A run that has not written for this long, and has no result, has ended without one. */
const silentAfterMs = 15_000;
const resultBytesMax = 32 * 1024 * 1024;
const runsListedMax = 200;

function foldersIn(path: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

function changedAt(path: string): number | null {
  try {
    return lstatSync(path).mtimeMs;
  } catch {
    return null;
  }
}

type Facts = Pick<
  ListedRun,
  'verdict' | 'strategy' | 'question' | 'trials' | 'outageMedianMs' | 'censored'
>;

/** The few facts of a result that the list shows; a result that cannot be read says nothing. */
function factsOf(path: string): Facts {
  const unread = { verdict: null, strategy: null, trials: null, outageMedianMs: null };
  const none = { ...unread, question: '', censored: 0 };
  try {
    const result = JSON.parse(readRegular(path, resultBytesMax));
    const { median, censored } = result.summary?.networkOutageMs ?? {};
    const strategy = result.routing ?? result.controller;
    return {
      strategy: typeof strategy === 'string' ? strategy : null,
      verdict: typeof result.verdict === 'string' ? result.verdict : null,
      question: typeof result.question === 'string' ? result.question : '',
      trials: Array.isArray(result.trials) ? result.trials.length : null,
      outageMedianMs: typeof median === 'number' ? median : null,
      censored: typeof censored === 'number' ? censored : 0,
    };
  } catch {
    return none;
  }
}

/** The newest runs first. Links are not followed, so that `latest` is not listed twice. */
export function listRuns(runsFolder: string, nowMs: number): ListedRun[] {
  return foldersIn(runsFolder)
    .flatMap((scenario) =>
      foldersIn(join(runsFolder, scenario)).flatMap((time) =>
        placeOf(join(runsFolder, scenario, time), { scenario, time }),
      ),
    )
    .sort((a, b) => b.changedAtMs - a.changedAtMs)
    .slice(0, runsListedMax)
    .map((place) => listed(runsFolder, place, nowMs));
}

type Place = Omit<ListedRun, keyof Facts | 'state'>;

/** Empty for a folder that is neither a run nor made from runs. */
function placeOf(folder: string, names: Pick<ListedRun, 'scenario' | 'time'>): Place[] {
  const found = kinds.find(({ facts }) => changedAt(join(folder, facts)) !== null);
  const { kind, page } = found ?? { kind: 'run' as const, page: 'report.html' };
  const recordedAtMs = changedAt(join(folder, 'history.ndjson'));
  const changedAtMs = recordedAtMs ?? (found ? changedAt(join(folder, found.facts)) : null);
  if (changedAtMs === null) return [];
  return [{ ...names, kind, page, recorded: recordedAtMs !== null, changedAtMs }];
}

function listed(runsFolder: string, place: Place, nowMs: number): ListedRun {
  const folder = join(runsFolder, place.scenario, place.time);
  const facts = place.recorded ? 'result.json' : `${place.kind}.json`;
  const finished = changedAt(join(folder, facts)) !== null;
  const state = nowMs - place.changedAtMs < silentAfterMs ? 'running' : 'unfinished';
  return { ...place, ...factsOf(join(folder, facts)), state: finished ? 'finished' : state };
}
