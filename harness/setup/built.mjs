/** Whether dist/ is what the sources would give. Cheap, since every command asks. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const sourceFolders = ['harness', 'reports'];
const stampName = '.sources';

/** All files below a folder, which need not exist, by their paths from there; sorted. */
export function filesBelow(folder) {
  const found = [];
  const search = (below) => {
    for (const entry of entriesOf(join(folder, below))) {
      if (entry.isDirectory()) search(`${below}${entry.name}/`);
      else if (entry.isFile()) found.push(`${below}${entry.name}`);
    }
  };
  search('');
  return found.sort();
}

function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function sourcesOf(root) {
  return sourceFolders
    .flatMap((folder) => filesBelow(join(root, folder)).map((path) => `${folder}/${path}`))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'));
}

/** Beside the sources: npm's record of what it installed, the doors of the package, the build. */
const alsoRead = [
  'node_modules/.package-lock.json',
  'package.json',
  'harness/setup/build.mjs',
  'harness/setup/licences.mjs',
];

/** Changes when a source or a dependency is added, removed or written. */
export function fingerprint(root) {
  const hash = createHash('sha256').update(process.versions.node);
  for (const path of [...sourcesOf(root), ...alsoRead]) {
    const stats = statSync(join(root, path), { throwIfNoEntry: false });
    hash.update(`${path} ${stats?.size} ${stats?.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** What the last build was made from, and the files it wrote; null when there was none. */
export function readStamp(root) {
  try {
    const { sources, files } = JSON.parse(readFileSync(stampPath(root), 'utf8'));
    return { sources, files };
  } catch {
    return null;
  }
}

export function stampPath(root) {
  return join(root, 'dist', stampName);
}

export function isBuilt(root) {
  const stamp = readStamp(root);
  return stamp !== null && stamp.sources === fingerprint(root);
}
