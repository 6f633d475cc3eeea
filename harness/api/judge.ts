/** `judge`: a record as it was read, and judged again. */
import { type RecordedRun, readRun } from '../campaign/store/read-run.js';
import type { HistoryEvent } from '../model/history/events.js';
import type { JudgedRun, RunResult } from '../model/result.js';

/** A judged record. */
export interface Run {
  /** Absolute path: history.ndjson, result.json, report.html and logs/ are in it. */
  folder: string;
  /** What `result.json` holds. */
  result: RunResult;
  /** The result with the charts' data. */
  judged: JudgedRun;
  /** Everything that was recorded. */
  events: HistoryEvent[];
}

/**
 * Read a record and judge it again: no network is needed, and any machine will do.
 * @param path Folder of a run, or its history.ndjson. Throws RECORD_UNREADABLE.
 */
export async function judge(path: string): Promise<Run> {
  return runOf(await readRun(path));
}

/** The same record, as programs get it. */
export function runOf({ folder, events, judged }: RecordedRun): Run {
  return { folder, result: judged.result, judged, events };
}
