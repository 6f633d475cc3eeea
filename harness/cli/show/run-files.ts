/** What lies in `runs/`: the list of runs, and which files of theirs may be served. */
import { type Dirent, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { readRegular } from '../../safe-files.js';

/** One run as the list shows it. */
export interface ListedRun {
  scenario: string;
  time: string;
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

/** The few facts of a result that the list shows; a result that cannot be read says nothing. */
function factsOf(path: string): Omit<ListedRun, 'scenario' | 'time' | 'state' | 'changedAtMs'> {
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
  const found = foldersIn(runsFolder).flatMap((scenario) =>
    foldersIn(join(runsFolder, scenario)).flatMap((time) => {
      const changedAtMs = changedAt(join(runsFolder, scenario, time, 'history.ndjson'));
      return changedAtMs === null ? [] : [{ scenario, time, changedAtMs }];
    }),
  );
  return found
    .sort((a, b) => b.changedAtMs - a.changedAtMs)
    .slice(0, runsListedMax)
    .map((run) => {
      const result = join(runsFolder, run.scenario, run.time, 'result.json');
      const finished = changedAt(result) !== null;
      const state = nowMs - run.changedAtMs < silentAfterMs ? 'running' : 'unfinished';
      return { ...run, ...factsOf(result), state: finished ? 'finished' : state };
    });
}

/** The segments of a URL's path, decoded; null when one could leave its folder. */
export function safeSegments(path: string): string[] | null {
  const segments: string[] = [];
  for (const part of path.split('/').filter((each) => each !== '')) {
    let segment: string;
    try {
      segment = decodeURIComponent(part);
    } catch {
      return null;
    }
    if (segment === '.' || segment === '..' || /[/\\\0]/.test(segment)) return null;
    segments.push(segment);
  }
  return segments;
}

/** The path of what the segments name in `runsFolder`; null when it is missing or behind a link. */
export function pathWithin(runsFolder: string, segments: string[]): string | null {
  try {
    const root = realpathSync(runsFolder);
    const wanted = join(root, ...segments);
    const real = realpathSync(wanted);
    return real === wanted && real.startsWith(root + sep) ? real : null;
  } catch {
    return null;
  }
}

/** The same, for a regular file. */
export function fileWithin(runsFolder: string, segments: string[]): string | null {
  const path = pathWithin(runsFolder, segments);
  return path !== null && lstatSync(path).isFile() ? path : null;
}

const types: Record<string, string> = {
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  log: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  xml: 'text/plain; charset=utf-8',
  md: 'text/plain; charset=utf-8',
  png: 'image/png',
};

/** Only the run's own report is a page; whatever else lies there is shown as data. */
export function typeOf(segments: string[]): string {
  const name = segments.at(-1) ?? '';
  if (name === 'report.html' && segments.length === 3) return 'text/html; charset=utf-8';
  return types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
}
