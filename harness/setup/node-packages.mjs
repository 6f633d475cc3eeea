/** The npm packages of a clone: are they what package-lock.json says, and if not, `npm ci`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAloud } from './command.mjs';
import { SetupError, say } from './say.mjs';

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

export async function installNodePackages(root) {
  say('Installing npm packages (npm ci).');
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { exitCode } = await runAloud('npm', args, { cwd: root });
  if (exitCode === 0) return;
  throw new SetupError(
    'The npm packages could not be installed: `npm ci` failed (see above). ' +
      'Is there a network, and can its registry be reached?',
    69,
  );
}
