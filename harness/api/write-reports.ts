/** Writes what can be made from a record beside it: result.json and report.html. */
import { join } from 'node:path';
import { renderHtml } from '../../reports/html/render.js';
import { renderJson } from '../../reports/json.js';
import type { JoinedRun } from '../campaign/store/join-runs.js';
import type { RecordedRun } from '../campaign/store/read-run.js';
import { unwritable } from '../campaign/store/run-folder.js';
import { readLogs } from '../campaign/store/run-logs.js';
import { replaceFile } from '../safe-files.js';

/** Write result.json and report.html of a judged run. Throws RUN_FOLDER_UNWRITABLE. */
export async function writeReports(run: RecordedRun): Promise<void> {
  const html = await htmlOf(run);
  try {
    replaceFile(join(run.folder, 'result.json'), renderJson(run.judged));
    replaceFile(join(run.folder, 'report.html'), html);
  } catch (cause) {
    throw unwritable(run.folder, cause);
  }
}

/** The self-contained page of a run. */
export function htmlOf(run: RecordedRun): Promise<string> {
  return renderHtml({ run: run.judged, events: run.events, logs: readLogs(run.folder) });
}

/** The page of a joined run, with what a gate or a comparison adds to it. */
export function joinedHtml(
  { folders, events, judged }: JoinedRun,
  added: Pick<Parameters<typeof renderHtml>[0], 'baseline' | 'compare'>,
): Promise<string> {
  const logs = Object.assign({}, ...folders.map(readLogs)) as Record<string, string>;
  return renderHtml({ run: judged, events, logs, ...added });
}
