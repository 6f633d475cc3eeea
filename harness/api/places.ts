/** Where scenarios are searched by name, and where runs are recorded. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';

/** The folder one works in when it has scenarios, else the package's own. */
export function scenarioRoot(): string {
  return existsSync(join(process.cwd(), 'scenarios')) ? process.cwd() : packageRoot();
}

/** Folder of all runs, unless another is given. */
export function defaultOut(): string {
  return join(process.cwd(), 'runs');
}
