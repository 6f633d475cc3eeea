/** Removes what a command built once and kept. */
import { existsSync, rmSync } from 'node:fs';
import { LabError, messageOf } from '../errors.js';
import type { Screen } from './screen.js';

/** Throws SANDBOX_FAILED. */
export function removeCache(folder: string, screen: Screen): void {
  if (!existsSync(folder)) {
    screen.err(`There is nothing to remove: ${folder} does not exist.\n`);
    return;
  }
  try {
    rmSync(folder, { recursive: true });
  } catch (cause) {
    throw new LabError('SANDBOX_FAILED', `${folder} cannot be removed: ${messageOf(cause)}`, {
      cause,
    });
  }
  screen.err(`Removed ${folder}\n`);
}
