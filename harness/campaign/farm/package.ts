/** The copy of this package that other machines execute trials with: its files, its version and hash. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.js';

/** Written beside package.json when a copy was brought; holds the copy's name. */
export const broughtFile = '.brought';

let known: string | undefined;

/** `0.1.0-1f2e3d4c5b6a`: version and hash of all files. The same copy has the same name everywhere. */
export function packageName(): string {
  known ??= broughtName() ?? computedName();
  return known;
}

/** What a machine needs to execute trials, as paths below the package's folder, sorted. */
export function packageFiles(): string[] {
  const below = (folder: string, wanted: (path: string) => boolean) =>
    readdirSync(join(packageRoot(), folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .map((path) => path.slice(packageRoot().length + 1))
      .filter(wanted);
  return [
    'package.json',
    ...below('dist', (path) => path.endsWith('.js') || path.endsWith('.txt')),
    ...below('harness', (path) => !path.endsWith('.ts') && !path.includes('__pycache__')),
  ].sort();
}

function broughtName(): string | null {
  try {
    return readFileSync(join(packageRoot(), broughtFile), 'utf8').trim();
  } catch {
    return null;
  }
}

function computedName(): string {
  const hash = createHash('sha256');
  for (const path of packageFiles()) {
    const content = readFileSync(join(packageRoot(), path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  return `${version}-${hash.digest('hex').slice(0, 12)}`;
}
