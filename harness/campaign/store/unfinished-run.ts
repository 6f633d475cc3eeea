/** Resumes an interrupted run: appends to its record what is missing, and drops nothing of it. */

import { basename, extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { LabError } from '../../errors.js';
import { fingerprintDifferences, fingerprintOf } from '../../judge/gate/baseline.js';
import type { Environment, EventOf, HistoryEvent } from '../../model/history/events.js';
import type { JudgedRun } from '../../model/result.js';
import { isReplaceable, wasCutShort } from '../../model/trial-status.js';
import { resumedBy } from '../../sites/names.js';
import type { Site } from '../../sites/site.js';
import { type PreparedRun, prepareRun, type RunOptions } from '../prepare.js';
import { newestRun, type RecordedRun, readRun } from './read-run.js';

export interface ResumedRun {
  folder: string;
  events: HistoryEvent[];
  header: EventOf<'run.header'>;
  /** Indexes of the trials that are done. */
  done: number[];
  /** Of every trial that is to be run: the attempt that it will be. */
  attempts: ReadonlyMap<number, number>;
  /** Trials that may still be run again because the machine disturbs them. */
  replacementsLeft: number;
  /** The record has its end: there may be nothing to do. */
  ended: boolean;
  /** As it was read. */
  recorded: RecordedRun;
}

/** The kernel takes the sandbox of a killed run away within about 100 ms. */
const goneWithinMs = 2000;

/** Read the run to go on with: a folder, or the newest below `runs`. Changes nothing. */
export async function readUnfinished(path: string | true, runs: string): Promise<ResumedRun> {
  const recorded = await readRun(path === true ? newestRun(runs) : path);
  const { folder, events, judged } = recorded;
  const header = events.find((event) => event.kind === 'run.header');
  if (header?.kind !== 'run.header') {
    throw new LabError(
      'RECORD_UNREADABLE',
      `${folder} has no header (run.header): there is nothing to resume.`,
    );
  }
  const last = events.findLast(({ kind }) => kind === 'run.end' || kind === 'run.resumed');
  const ended = last?.kind === 'run.end';
  return { folder, events, header, ended, recorded, ...unfinishedPart(events, judged) };
}

/**
 * The options that the run was begun with, for the trials that are missing. The record decides
 * them, so that the plan is that of a run that was never interrupted.
 */
export function resumedOptions(
  { header, done }: Pick<ResumedRun, 'header' | 'done'>,
  asked: Omit<RunOptions, 'scenario'> & { scenario?: string | undefined },
): RunOptions {
  const { seed, trials, environment, scenario, command } = header;
  const planned = header.indexes ?? Array.from({ length: trials }, (_, index) => index);
  const controller = asked.controller ?? optionIn(command, '--controller');
  const routing = asked.routing ?? scenario.routing;
  const file = command.slice(2).find((word) => basename(word, extname(word)) === scenario.name);
  return {
    ...asked,
    scenario: asked.scenario ?? file ?? scenario.name,
    seed,
    trials,
    parallel: header.parallel ?? 1,
    reuse: environment.labs === 'reused',
    indexes: planned.filter((index) => !done.includes(index)),
    ...(header.untilPrecise === undefined ? {} : { untilPrecise: header.untilPrecise }),
    ...(controller === undefined ? {} : { controller }),
    ...(routing === undefined ? {} : { routing }),
    sandbox: resumedBy(environment.sandbox),
    ...(environment.image === undefined ? {} : { image: environment.image.split(' ')[0] ?? '' }),
    datapath: datapathOf(environment),
  };
}

/** A watched network has none, and is not a lab's. Throws WRONG_USE. */
function datapathOf({ datapath }: Environment): 'kernel' | 'user' {
  if (datapath !== 'none') return datapath;
  throw new LabError('WRONG_USE', 'The record is of a watch, which cannot be resumed.', {
    hint: 'Start another one with failover-lab watch.',
  });
}

/**
 * The missing trials, after making sure that they belong to what is recorded. Throws WRONG_USE.
 * @param prepare Plans the trials; left out: those of a run.
 */
export async function prepareResumed(
  root: string,
  options: RunOptions,
  { folder, header, attempts }: ResumedRun,
  prepare: (root: string, options: RunOptions) => Promise<PreparedRun> = prepareRun,
): Promise<PreparedRun> {
  // The first trial of the record is resolved once more, to be compared with what it was.
  const indexes = [header.trial, ...(options.indexes ?? [])];
  const prepared = await prepare(root, { ...options, indexes });
  const [first, ...missing] = prepared.trials;
  const resolved: unknown = JSON.parse(JSON.stringify(first?.scenario));
  if (!isDeepStrictEqual(resolved, JSON.parse(JSON.stringify(header.scenario)))) {
    throw refusal(folder, `${header.scenario.name} has changed since`);
  }
  const differences = fingerprintDifferences(
    fingerprintOf(header.environment),
    fingerprintOf(prepared.environment),
  );
  if (differences.length > 0)
    throw refusal(folder, `the machine differs: ${differences.join(', ')}`);
  const { by } = prepared;
  const running = 'site' in by && (await isRunning(by.site, header.runId));
  if (running) throw refusal(folder, 'it is still running');
  const trials = missing.map((plan) => ({ ...plan, attempt: attempts.get(plan.index) ?? 0 }));
  return { ...prepared, trials };
}

/**
 * The trials that are missing, with the attempt that each would be. A trial that ended by itself is
 * done, whatever came of it; one that was cut off is run once more, and so is one that the machine
 * disturbed, while replacements are left. Pure.
 */
export function unfinishedPart(events: readonly HistoryEvent[], { result }: JudgedRun) {
  const header = events.find((event) => event.kind === 'run.header');
  const planned =
    result.plan?.indexes ?? Array.from({ length: result.plan?.trials ?? 0 }, (_, index) => index);
  const used = result.trials.reduce(
    (sum, { attempts }) => sum + attempts.filter(isReplaceable).length,
    0,
  );
  let replacementsLeft = Math.max(
    0,
    (header?.kind === 'run.header' ? (header.replace ?? 0) : 0) - used,
  );
  const attempts = new Map<number, number>();
  for (const index of planned) {
    const trial = result.trials.find((each) => each.index === index);
    const replaced = trial !== undefined && isReplaceable(trial) && replacementsLeft > 0;
    if (trial && !wasCutShort(trial) && !replaced) continue;
    if (replaced) replacementsLeft -= 1;
    attempts.set(index, nextAttempt(events, index));
  }
  return { attempts, done: planned.filter((index) => !attempts.has(index)), replacementsLeft };
}

/** Even an attempt of which nothing but its sandbox is recorded keeps its number. */
function nextAttempt(events: readonly HistoryEvent[], index: number): number {
  const ofRun = ['run.header', 'run.resumed', 'run.end'];
  return events
    .filter((event) => event.trial === index && !ofRun.includes(event.kind))
    .reduce((next, event) => Math.max(next, (event.attempt ?? 0) + 1), 0);
}

/** The value of `--name value` or `--name=value` in a recorded command. Pure. */
function optionIn(command: readonly string[], name: string): string | undefined {
  const place = command.findIndex((word) => word === name || word.startsWith(`${name}=`));
  const word = command[place];
  return word === name ? command[place + 1] : word?.slice(name.length + 1);
}

async function isRunning(site: Site, runId: string): Promise<boolean> {
  const traces = site.watch(runId);
  for (let waitedMs = 0; waitedMs < goneWithinMs; waitedMs += 100) {
    if (traces.processes().length === 0) return false;
    await sleep(100);
  }
  return true;
}

function refusal(folder: string, why: string): LabError {
  return new LabError('WRONG_USE', `${folder} cannot be resumed: ${why}.`, {
    hint: 'Start a new run. `failover-lab report` shows the finished trials of this one.',
  });
}
