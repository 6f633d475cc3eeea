/** Where the runner is, and the folders without which it could not start: below /tmp, they are kept. */
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { packageRoot } from '../package-root.js';

/** The runner's program, by its path below the package's folder. */
export const runnerProgram = 'dist/harness/lab/main.js';

/** Program and arguments that become the runner, where it shares the supervisor's files. */
export function runnerCommand(): string[] {
  return [process.execPath, join(packageRoot(), runnerProgram)];
}

/**
 * The package itself, and the `node_modules` its dependencies were installed into, which npm may
 * have put beside it or behind a link. A copy that was brought to this machine has none.
 */
export function programFolders(): string[] {
  const root = packageRoot();
  const dependency = placeOf('zod');
  if (dependency === null) return [root];
  const end = dependency.lastIndexOf(`${sep}node_modules${sep}`);
  const modules = `${dependency.slice(0, end)}${sep}node_modules`;
  return modules.startsWith(`${root}${sep}`) ? [root] : [root, modules];
}

function placeOf(dependency: string): string | null {
  try {
    return createRequire(import.meta.url).resolve(dependency);
  } catch {
    return null;
  }
}
