/** Goes on with an interrupted run: keeps the trials that were finished, drops what was half done. */
import { renameSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { fingerprintDifferences, fingerprintOf } from '../../reports/gate/index.js';
import { LabError } from '../errors.js';
import type { EventOf, HistoryEvent } from '../history/events.js';
import { markedProcesses } from '../sandbox/leftovers.js';
import { type PreparedRun, prepareRun, type RunOptions } from './prepare.js';
import { newestRun, readRun } from './record.js';

export interface ResumedRun {
  folder: string;
  events: HistoryEvent[];
  header: EventOf<'run.header'>;
  /** Indexes of the trials that were finished. */
  done: number[];
}

/** The kernel takes the sandbox of a killed run away within about 100 ms. */
const goneWithinMs = 2000;

/** Read the run to go on with: a folder, or the newest below `runs`. Changes nothing. */
export async function readUnfinished(path: string | true, runs: string): Promise<ResumedRun> {
  const { folder, events } = await readRun(path === true ? newestRun(runs) : path);
  const header = events.find((event) => event.kind === 'run.header');
  if (header?.kind !== 'run.header') {
    throw new LabError(
      'RECORD_UNREADABLE',
      `${folder} has no head: there is nothing to go on with.`,
    );
  }
  const { kept, done } = finishedPart(events);
  return { folder, events: kept, header, done };
}

/**
 * The options that the run was begun with, for the trials that are missing. The record decides
 * them, so that the plan is that of a run that was never interrupted.
 */
export function resumedOptions(
  { header, done }: ResumedRun,
  asked: Omit<RunOptions, 'scenario'> & { scenario?: string | undefined },
): RunOptions {
  const { seed, trials, environment, scenario, command } = header;
  const planned = header.indexes ?? Array.from({ length: trials }, (_, index) => index);
  const controller = asked.controller ?? optionIn(command, '--controller');
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
    sandbox: environment.sandbox === 'sudo' ? 'auto' : environment.sandbox,
    datapath: environment.datapath,
  };
}

/** The missing trials, after making sure that they belong to what is recorded. Throws WRONG_USE. */
export async function prepareResumed(
  root: string,
  options: RunOptions,
  { folder, header }: ResumedRun,
): Promise<PreparedRun> {
  // The first trial of the record is resolved once more, to be compared with what it was.
  const indexes = [header.trial, ...(options.indexes ?? [])];
  const prepared = await prepareRun(root, { ...options, indexes });
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
  if (await isRunning(header.runId)) throw refusal(folder, 'it is still running');
  return { ...prepared, trials: missing };
}

/** Drop what was half done from the record on disk. */
export function keepFinished({ folder, events }: ResumedRun): void {
  const file = join(folder, 'history.ndjson');
  // Written beside and renamed: a crash leaves the old history or the new one, whole.
  writeFileSync(`${file}.new`, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  renameSync(`${file}.new`, file);
}

/**
 * The events of completed trials, with what became of their labs and the run's head, and without its
 * end. Pure.
 */
export function finishedPart(events: HistoryEvent[]): { kept: HistoryEvent[]; done: number[] } {
  const done = events.flatMap((event) =>
    event.kind === 'trial.end' && event.reason === 'completed' ? [event.trial] : [],
  );
  const finished = new Set(done);
  const kept = events.filter(
    (event) =>
      event.kind === 'run.header' ||
      (event.kind !== 'run.end' && finished.has(event.trial)) ||
      (event.kind === 'cleanup' && finished.has(event.lab ?? event.trial)),
  );
  return { kept, done };
}

/** The value of `--name value` or `--name=value` in a recorded command. Pure. */
function optionIn(command: readonly string[], name: string): string | undefined {
  const place = command.findIndex((word) => word === name || word.startsWith(`${name}=`));
  const word = command[place];
  return word === name ? command[place + 1] : word?.slice(name.length + 1);
}

async function isRunning(runId: string): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < goneWithinMs; waitedMs += 100) {
    if (markedProcesses(runId).length === 0) return false;
    await sleep(100);
  }
  return true;
}

function refusal(folder: string, why: string): LabError {
  return new LabError('WRONG_USE', `${folder} cannot be gone on with: ${why}.`, {
    hint: 'Its finished trials can be shown by `failover-lab report`; begin a new run.',
  });
}
