/** Reads a recorded run, and finds the newest. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { LabError } from '../../errors.js';
import { judge } from '../../judge/judge.js';
import type { HistoryEvent } from '../../model/history/events.js';
import { readHistoryFile } from '../../model/history/reader.js';
import type { JudgedRun } from '../../model/result.js';
import { filesBelow } from './run-logs.js';

export interface RecordedRun {
  folder: string;
  events: HistoryEvent[];
  judged: JudgedRun;
}

/** Read and judge a recorded run: a run's folder or its history file. */
export async function readRun(path: string): Promise<RecordedRun> {
  const named = path.endsWith('.ndjson');
  const folder = resolve(named ? dirname(path) : path);
  const file = named ? resolve(path) : join(folder, 'history.ndjson');
  try {
    statSync(file);
  } catch (cause) {
    throw new LabError(
      'RECORD_UNREADABLE',
      named || !existsSync(folder)
        ? `${named ? file : folder} does not exist.`
        : `${folder} has no history.ndjson.`,
      {
        hint: 'Name the folder of a run, such as runs/relay-failover/latest.',
        cause,
      },
    );
  }
  const { events } = await readHistoryFile(file);
  refuseHeadless(file, events);
  return { folder, events, judged: judge(events) };
}

function refuseHeadless(file: string, events: readonly HistoryEvent[]): void {
  if (events.some(({ kind }) => kind === 'run.header')) return;
  const what =
    events.length === 0 ? 'has no complete event' : 'has no header (run.header) on line 1';
  throw new LabError('RECORD_UNREADABLE', `${file} ${what}.`, {
    hint: 'Check that it is the history of a run. A run that ended before its first event cannot be judged.',
  });
}

/** The newest run of all scenarios below `runs`. Throws RECORD_UNREADABLE when there is none. */
export function newestRun(runs: string): string {
  const folders = filesBelow(runs)
    .filter((file) => basename(file) === 'history.ndjson')
    .map((file) => dirname(file));
  const newest = folders.sort((a, b) => basename(a).localeCompare(basename(b))).at(-1);
  if (newest) return newest;
  throw new LabError('RECORD_UNREADABLE', `${runs} has no run.`, {
    hint: 'Record one with `failover-lab run relay-failover`.',
  });
}
