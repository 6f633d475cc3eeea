/** Folders without which the runner could not start, wherever they lie: below /tmp, they are kept. */
import { createRequire } from 'node:module';
import { sep } from 'node:path';
import { packageRoot } from '../package-root.js';

/**
 * The package itself, and the `node_modules` its dependencies were installed into, which npm may
 * have put beside it or behind a link.
 */
export function programFolders(): string[] {
  const root = packageRoot();
  const dependency = createRequire(import.meta.url).resolve('zod');
  const end = dependency.lastIndexOf(`${sep}node_modules${sep}`);
  const modules = `${dependency.slice(0, end)}${sep}node_modules`;
  return modules.startsWith(`${root}${sep}`) ? [root] : [root, modules];
}
