/** The logs of a run. */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readRegularEnd } from '../../safe-files.js';

/** The last part of every log of a run, by its path below logs/. */
export function readLogs(folder: string): Record<string, string> {
  const logs: Record<string, string> = {};
  for (const file of filesBelow(join(folder, 'logs'))) {
    if (!file.endsWith('.log')) continue;
    logs[relative(join(folder, 'logs'), file)] = readRegularEnd(file, 200_000);
  }
  return logs;
}

/** All files below a folder, sorted; none when it does not exist. */
export function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? folder, entry.name))
      .sort();
  } catch {
    // A run that ended early may have no logs.
    return [];
  }
}
