/** `replay`: a recorded run once more in virtual time, and whether the record is the same. */
import { prepareRun } from '../campaign/prepare.js';
import {
  changedInputs,
  firstDifference,
  type RecordDifference,
  recordHash,
} from '../campaign/same-record.js';
import { readRun } from '../campaign/store/read-run.js';
import { resumedOptions } from '../campaign/store/unfinished-run.js';
import { LabError } from '../errors.js';
import { readHistoryFile } from '../model/history/reader.js';
import { type Run, runOf } from './judge.js';
import { type LabRequest, rootOf, runOptionsOf } from './options.js';
import { runPrepared } from './run.js';

export interface Replay {
  before: Run;
  now: Run;
  /** The first event that differs; null: every event is the same, to the nanosecond. */
  difference: RecordDifference | null;
  /** What of the environment is not as it was, with both values. */
  changed: string[];
}

/**
 * Run a record's trials again. Throws WRONG_USE for a record that was made in real time, which
 * nothing repeats.
 */
export async function replay(
  folder: string,
  request: Omit<LabRequest, 'seed' | 'datapath' | 'sandbox'> & { scenario?: string } = {},
): Promise<Replay> {
  const { scenario, ...rest } = request;
  const recorded = await readRun(folder);
  const header = recorded.events.find((event) => event.kind === 'run.header');
  if (header?.kind !== 'run.header' || header.environment.clock !== 'virtual') {
    const message = `${recorded.folder} was recorded in real time, which cannot be repeated exactly.`;
    throw new LabError('WRONG_USE', message, {
      hint: 'Name a run that was made with --clock virtual.',
    });
  }
  const asked = runOptionsOf(scenario ?? '', rest);
  const options = resumedOptions({ header, done: [] }, { ...asked, scenario });
  const prepared = await prepareRun(rootOf(rest), options);
  const now = await runPrepared(prepared, options, rest);
  const { events } = await readHistoryFile(`${now.folder}/history.ndjson`);
  return {
    before: runOf(recorded),
    now,
    difference: firstDifference(recorded.events, events),
    changed: changedInputs(header.environment, prepared.environment),
  };
}

/**
 * A hash over everything that a run recorded but its head, which states wall time and paths: the
 * same for two runs between which `replay` finds no difference. Throws RECORD_UNREADABLE.
 */
export async function hashOfRecord(folder: string): Promise<string> {
  const { events } = await readHistoryFile(`${folder}/history.ndjson`);
  return recordHash(events);
}
