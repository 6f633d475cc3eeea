/** Whether the npm packages of a clone are what package-lock.json says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

function packagesIn(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  } catch {
    return null;
  }
}

/**
 * Compares npm's own record of what it installed with the lock file by content: a file's time
 * changes with every checkout.
 */
export function nodePackagesReady(root) {
  const wanted = packagesIn(join(root, 'package-lock.json'));
  const present = packagesIn(join(root, 'node_modules/.package-lock.json'));
  if (wanted === null) return true;
  if (present === null) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || optional === true || present[path]?.version === version,
  );
}
