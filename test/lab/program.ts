/** The command line as people start it. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../harness/package-root.js';

export const program = join(packageRoot(), 'harness/setup/start.mjs');

/** Run one command to its end. */
export function failoverLab(
  argv: string[],
  options: {
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    timeout?: number;
    killSignal?: NodeJS.Signals;
  } = {},
): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [program, ...argv], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 280_000,
    ...options,
  });
}
