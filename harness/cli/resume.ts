/** Goes on with an interrupted run: keeps the trials that were finished, drops what was half done. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../errors.js';
import type { EventOf, HistoryEvent } from '../history/events.js';
import { newestRun, readRun } from './record.js';

export interface ResumedRun {
  folder: string;
  events: HistoryEvent[];
  header: EventOf<'run.header'>;
  /** Indexes of the trials that were finished. */
  done: number[];
}

/** Read the run to go on with: a folder, or the newest below `runs`. Rewrites its history. */
export async function resumeRun(path: string | true, runs: string): Promise<ResumedRun> {
  const { folder, events } = await readRun(path === true ? newestRun(runs) : path);
  const header = events.find((event) => event.kind === 'run.header');
  if (header?.kind !== 'run.header') {
    throw new LabError(
      'RECORD_UNREADABLE',
      `${folder} has no head: there is nothing to go on with.`,
    );
  }
  const { kept, done } = finishedPart(events);
  const file = join(folder, 'history.ndjson');
  // Written beside and renamed: a crash leaves the old history or the new one, whole.
  writeFileSync(`${file}.new`, kept.map((event) => `${JSON.stringify(event)}\n`).join(''));
  renameSync(`${file}.new`, file);
  return { folder, events: kept, header, done };
}

/** The events of completed trials, with the run's head and without its end. Pure. */
export function finishedPart(events: HistoryEvent[]): { kept: HistoryEvent[]; done: number[] } {
  const done = events.flatMap((event) =>
    event.kind === 'trial.end' && event.reason === 'completed' ? [event.trial] : [],
  );
  const finished = new Set(done);
  const kept = events.filter(
    (event) =>
      event.kind === 'run.header' || (event.kind !== 'run.end' && finished.has(event.trial)),
  );
  return { kept, done };
}
