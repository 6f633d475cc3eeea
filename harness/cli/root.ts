/** Where scenarios are searched by name: the folder one works in, else the package's own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';

export function scenarioRoot(): string {
  return existsSync(join(process.cwd(), 'scenarios')) ? process.cwd() : packageRoot();
}
