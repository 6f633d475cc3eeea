/** The folder of one run: runs/<scenario>/<time>/ with history, result, report and logs. */
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { wallTime } from '../../clock.js';
import { LabError, messageOf } from '../../errors.js';
import { makeFolder } from '../../safe-files.js';

/** Runs of one scenario that are kept; the oldest are removed when a new one begins. */
export const runsKept = 50;

/** Create the folder of a new run. Throws RUN_FOLDER_UNWRITABLE. */
export function createRunFolder(base: string, scenario: string): string {
  const folder = createResultFolder(base, scenario);
  try {
    makeFolder(join(folder, 'logs'));
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
    makeFolder(parent);
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
      mkdirSync(folder, { mode: 0o755 });
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

/** RUN_FOLDER_UNWRITABLE for a path, with what to do. */
export function unwritable(path: string, cause: unknown): LabError {
  return new LabError('RUN_FOLDER_UNWRITABLE', `${path} cannot be written: ${messageOf(cause)}.`, {
    hint: remedyOf(cause),
    cause,
  });
}

/** What to do, by the system's own code of the error. */
function remedyOf(cause: unknown): string {
  switch (cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'The folder does not exist, or was removed meanwhile: name one that does with --out.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'Make the folder writable for this user, or name another folder with --out.';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'Free some disk space, or name another folder with --out.';
    default:
      return 'Name another folder with --out.';
  }
}
