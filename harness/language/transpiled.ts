/**
 * Where scenario files are kept as the JavaScript they were transpiled to, so that the next command
 * does not load a compiler. Each is used as long as its source is the same to the byte.
 */
import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';

/** Scenarios that tests and benches write are never asked for again. */
const filesMax = 500;

/**
 * The folder, made when it is missing. Null in another user's package, where nothing may be left
 * behind, and when others can write to it: what lies there is run.
 */
export function transpiledFolder(root: string = packageRoot()): string | null {
  const folder = join(root, '.cache', 'scenarios');
  try {
    if (!isOwn(root)) return null;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOwn(folder) || (lstatSync(folder).mode & 0o022) !== 0) return null;
    if (readdirSync(folder).length > filesMax) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { mode: 0o700 });
    }
    return folder;
  } catch {
    return null;
  }
}

function isOwn(path: string): boolean {
  return lstatSync(path).uid === process.getuid?.();
}
