/** What the copy of this package does on a machine that executes trials for a campaign elsewhere. */
import { hostname } from 'node:os';
import { readBoundedJson } from '../../bounded-json.js';
import { LabError, messageOf } from '../../errors.js';
import type { HistoryEvent } from '../../model/history/events.js';
import { historyBounds } from '../../model/history/line.js';
import { type FarJob, type FarLine, type FarTrouble, farJob } from './job.js';
import { keepRecord, noteProcess, workFolder } from './outbox.js';
import { packageName } from './package.js';
import { pack } from './packed.js';
import { newExecution, perform } from './perform.js';

/** Names the machine as the campaign calls it. */
export const machineVariable = 'FAILOVER_LAB_MACHINE';
/** The longest job: the scenario in the head, and what differs. */
export const jobCharactersMax = 2 * historyBounds.lineBytes;

const aliveEveryMs = 2000;
/** EX_TEMPFAIL of sysexits.h: another machine may execute it. */
const refusedCode = 75;
/** EX_DATAERR: what came is not a job. */
const noJobCode = 65;

export interface Teller {
  /** Print one line for the campaign. */
  say: (line: FarLine) => void;
  interrupted: AbortSignal;
  killed: AbortSignal;
}

/** Execute the trial of the job on a line; resolves with the exit code of the process. Never rejects. */
export async function executeJob(text: string, teller: Teller): Promise<number> {
  const read = readBoundedJson(text, { characters: jobCharactersMax, depth: historyBounds.depth });
  const job = 'value' in read ? farJob.safeParse(read.value) : null;
  if (!job?.success) return noJobCode;
  return execute(job.data, teller);
}

async function execute(job: FarJob, { say, interrupted, killed }: Teller): Promise<number> {
  const { key, runId } = job;
  const execution = newExecution();
  const machine = process.env[machineVariable] ?? hostname();
  const refuse = (trouble: FarTrouble) => {
    say({ far: 'refused', key, execution, machine, trouble });
    return refusedCode;
  };
  if (job.package !== packageName()) {
    const message = `${machine} has failover-lab ${packageName()}; the job is of ${job.package}.`;
    return refuse({ code: 'OTHER_VERSION', message, hint: 'Start the same version on both.' });
  }
  say({ far: 'begun', key, execution, machine });
  const alive = setInterval(() => say({ far: 'alive', key, execution }), aliveEveryMs);
  const onEvent = (event: HistoryEvent) => {
    if (event.kind === 'phase') say({ far: 'phase', key, execution, phase: event.phase });
  };
  try {
    noteProcess(runId, execution);
    const performance = { execution, workFolder: workFolder(), onEvent, interrupted, killed };
    const packed = pack(await perform(job, performance));
    keepRecord(runId, execution, { key, packed });
    say({ far: 'record', key, execution, packed });
    return 0;
  } catch (thrown) {
    return refuse(troubleIn(thrown, machine));
  } finally {
    clearInterval(alive);
    forget(runId, execution);
  }
}

function troubleIn(thrown: unknown, machine: string): FarTrouble {
  const message = messageOf(thrown).slice(0, 3000);
  if (/ENOSPC|EDQUOT|No space left/.test(message)) {
    const hint = 'Free some space in the cache folder of that user (XDG_CACHE_HOME or ~/.cache).';
    return { code: 'DISK_FULL', message: `The disk of ${machine} is full: ${message}`, hint };
  }
  if (!(thrown instanceof LabError)) return { code: 'INTERNAL', message: `${machine}: ${message}` };
  const hint = thrown.hint === undefined ? {} : { hint: thrown.hint.slice(0, 3000) };
  return { code: thrown.code, message: `${machine}: ${message}`, ...hint };
}

function forget(runId: string, execution: string): void {
  try {
    keepRecord(runId, execution, null);
  } catch {
    // A full disk does not keep a file from being removed; nothing else can be done here.
  }
}
