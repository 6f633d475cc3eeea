/**
 * The build: every TypeScript file of harness/ and reports/ becomes one JavaScript file in dist/.
 * Other files (Python, HTML, CSS) stay where they are and are found from the package's root.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { SetupError } from './say.mjs';

const sourceFolders = ['harness', 'reports'];
const stampName = '.sources';

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function sourcesOf(root) {
  return sourceFolders
    .flatMap((folder) => filesBelow(join(root, folder)))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .sort();
}

/** Changes when a source is added, removed or written. */
function fingerprint(root) {
  const hash = createHash('sha256').update(process.versions.node);
  for (const path of sourcesOf(root)) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${relative(root, path)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

export function isBuilt(root) {
  try {
    return readFileSync(join(root, 'dist', stampName), 'utf8') === fingerprint(root);
  } catch {
    return false;
  }
}

async function transpile(root, outdir) {
  const { build: bundle } = await import('esbuild');
  await bundle({
    absWorkingDir: root,
    entryPoints: sourcesOf(root),
    outbase: root,
    outdir,
    bundle: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'silent',
  });
}

/**
 * Moves the new files over the old ones one by one, so that a command that is running meanwhile
 * finds every file it has yet to load; then removes what no longer has a source.
 */
function moveInto(fresh, dist) {
  if (!existsSync(dist)) {
    renameSync(fresh, dist);
    return;
  }
  const kept = new Set();
  for (const path of filesBelow(fresh)) {
    const target = join(dist, relative(fresh, path));
    kept.add(target);
    mkdirSync(dirname(target), { recursive: true });
    renameSync(path, target);
  }
  for (const path of sourceFolders.flatMap((folder) => filesBelow(join(dist, folder)))) {
    if (!kept.has(path) && /\.js(\.map)?$/.test(path)) rmSync(path);
  }
}

function explain(error) {
  const problems = error.errors ?? [];
  if (problems.length === 0) return error.message;
  return problems
    .map(({ text, location }) =>
      location ? `${location.file}:${location.line}:${location.column}: ${text}` : text,
    )
    .join('\n');
}

/**
 * To be called under the lock in `.cache`, which therefore exists.
 * @throws {SetupError} when a source is not TypeScript; names file, line and column.
 */
export async function build(root) {
  // Taken first: a source that changes during the build is then seen as newer.
  const stamp = fingerprint(root);
  const cache = join(root, '.cache');
  // Left by a build that was killed; the caller's lock says that none is running.
  for (const name of readdirSync(cache)) {
    if (name.startsWith('build-')) rmSync(join(cache, name), { recursive: true, force: true });
  }
  const fresh = mkdtempSync(join(cache, 'build-'));
  try {
    await transpile(root, fresh);
    // A build that is cut off here leaves the old stamp, and is made again.
    moveInto(fresh, join(root, 'dist'));
    // A temporary folder is its maker's alone; others who may read the clone may run it.
    chmodSync(join(root, 'dist'), 0o755);
    writeFileSync(join(root, 'dist', stampName), stamp);
  } catch (error) {
    throw new SetupError(`The sources could not be built.\n${explain(error)}`, 70);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
