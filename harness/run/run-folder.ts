/** The folder of one run: runs/<scenario>/<time>/ with history, result, report and logs. */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { wallTime } from '../clock.js';
import { LabError, messageOf } from '../errors.js';
import type { HistoryEvent } from '../history/events.js';

/** Runs of one scenario that are kept; the oldest are removed when a new one begins. */
export const runsKept = 50;

/** Create the folder of a new run. Throws RUN_FOLDER_UNWRITABLE. */
export function createRunFolder(base: string, scenario: string): string {
  const folder = createResultFolder(base, scenario);
  try {
    mkdirSync(join(folder, 'logs'));
    return folder;
  } catch (cause) {
    throw unwritable(folder, cause);
  }
}

/** Create a folder for what several runs say together. Throws RUN_FOLDER_UNWRITABLE. */
export function createResultFolder(base: string, scenario: string): string {
  const stamp = wallTime().toISOString().replaceAll(':', '-').replace(/Z$/, '');
  const parent = join(base, scenario);
  try {
    mkdirSync(parent, { recursive: true });
    dropOldest(parent);
    return createUnique(parent, stamp);
  } catch (cause) {
    throw unwritable(parent, cause);
  }
}

/** Two runs may begin in the same millisecond: the second gets a number. */
function createUnique(parent: string, stamp: string): string {
  for (let attempt = 0; ; attempt++) {
    const folder = join(parent, attempt === 0 ? stamp : `${stamp}-${attempt}`);
    try {
      mkdirSync(folder);
      return folder;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 100) throw thrown;
    }
  }
}

function dropOldest(parent: string): void {
  const runs = readdirSync(parent)
    .filter((name) => /^\d{4}-/.test(name))
    .sort();
  for (const name of runs.slice(0, Math.max(0, runs.length - runsKept + 1))) {
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}

/** Point `latest` beside the folder at it; replaced in one step, so that readers always see one. */
export function markLatest(folder: string): void {
  const link = join(dirname(folder), 'latest');
  const temporary = `${link}.${process.pid}`;
  rmSync(temporary, { force: true });
  symlinkSync(folder.slice(dirname(folder).length + 1), temporary);
  renameSync(temporary, link);
}

/** Appends events to a history file, each line whole or not at all. */
export class HistoryWriter {
  readonly #descriptor: number;
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, 'history.ndjson');
    try {
      this.#descriptor = openSync(this.#path, 'a');
    } catch (cause) {
      throw unwritable(folder, cause);
    }
  }

  /** Throws RUN_FOLDER_UNWRITABLE when the disk is full. */
  write(event: HistoryEvent): void {
    try {
      writeSync(this.#descriptor, `${JSON.stringify(event)}\n`);
    } catch (cause) {
      throw unwritable(this.#path, cause);
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function unwritable(path: string, cause: unknown): LabError {
  return new LabError('RUN_FOLDER_UNWRITABLE', `${path} cannot be written: ${messageOf(cause)}.`, {
    hint: 'Free some room or name another folder with --out.',
    cause,
  });
}
