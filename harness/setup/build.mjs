/**
 * The build: programs, and doors of the package, become one JavaScript file each in dist/, with what
 * they share in dist/chunks/. Other files (Python, HTML, CSS) stay where they are and are found from
 * the package's root. Commands then read few files, and packages from npm are among them.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { filesBelow, fingerprint, readStamp, stampPath } from './built.mjs';
import { licencesOf } from './licences.mjs';
import { SetupError } from './say.mjs';

/** Started, or loaded by path, from dist/: the command line, the runner, the set-up's last step. */
const programs = ['harness/cli/main.ts', 'harness/lab/main.ts', 'reports/html/client-bundle.ts'];

/** Not bundled: these find files of their own by their place, or are the user's own. */
const external = ['esbuild', 'jiti', '@playwright/test', 'bullmq', 'ioredis', 'fast-check'];

/** Bundled into the reports by reports/html/client-bundle.ts, which dist/ brings along as well. */
const inTheBrowser = ['node_modules/uplot/package.json'];

/** Packages in CommonJS ask for Node's modules by `require`, which modules lack. */
const requireForPackages = [
  "import { createRequire as createRequireForPackages } from 'node:module';",
  'const require = createRequireForPackages(import.meta.url);',
].join('\n');

/** Zod brings its messages in fifty languages, of which the program speaks one. */
const messagesInEnglish = {
  name: 'messages-in-english',
  setup({ onLoad }) {
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/** The programs, and the source behind every door that package.json names. */
function entriesOf(root) {
  const { exports = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const doors = Object.values(exports)
    .map((door) => /^\.\/dist\/(.+)\.js$/.exec(door.default ?? '')?.[1])
    .filter((path) => path !== undefined)
    .map((path) => `${path}.ts`);
  return [...programs, ...doors].filter((path) => existsSync(join(root, path)));
}

async function bundle(root, outdir) {
  const esbuild = await import('esbuild');
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: entriesOf(root),
    outbase: root,
    outdir,
    entryNames: '[dir]/[name]',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    external,
    plugins: [messagesInEnglish],
    banner: { js: requireForPackages },
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Less to load and to pack; stacks name the sources by the maps.
    minify: true,
    sourcemap: 'linked',
    // Stacks need places alone; with the sources the maps would be twice as large.
    sourcesContent: false,
    metafile: true,
    logLevel: 'silent',
  });
  const licences = licencesOf(root, [...Object.keys(metafile.inputs), ...inTheBrowser]);
  writeFileSync(join(outdir, 'third-party-licenses.txt'), licences);
}

/**
 * Moves the new files over the old ones one by one, and keeps those of the build before, so that a
 * command that is just starting finds every file it has yet to load.
 * @returns {string[]} the new files, relative to dist/.
 */
function moveInto(fresh, dist, before) {
  const files = filesBelow(fresh);
  for (const path of files) {
    const target = join(dist, path);
    mkdirSync(dirname(target), { recursive: true });
    renameSync(join(fresh, path), target);
  }
  for (const path of strangers(dist, [...files, ...before])) rmSync(path, { force: true });
  return files;
}

/** Paths of JavaScript in dist/ that is not among `files`. Declarations stay. */
function strangers(dist, files) {
  return filesBelow(dist)
    .filter((path) => /\.js(\.map)?$/.test(path) && !files.includes(path))
    .map((path) => join(dist, path));
}

/** Paths of what only the build before wrote, which a package must not bring along. */
export function leftOfOldBuild(root) {
  const stamp = readStamp(root);
  return stamp === null ? [] : strangers(join(root, 'dist'), stamp.files);
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
  const sources = fingerprint(root);
  const cache = join(root, '.cache');
  // Left by a build that was killed; the caller's lock says that none is running.
  for (const name of readdirSync(cache)) {
    if (name.startsWith('build-')) rmSync(join(cache, name), { recursive: true, force: true });
  }
  const fresh = mkdtempSync(join(cache, 'build-'));
  const dist = join(root, 'dist');
  try {
    await bundle(root, fresh);
    mkdirSync(dist, { recursive: true });
    // A build that is cut off here leaves the old stamp, and is made again.
    const files = moveInto(fresh, dist, readStamp(root)?.files ?? []);
    // Others who may read the clone may run it.
    chmodSync(dist, 0o755);
    writeFileSync(stampPath(root), JSON.stringify({ sources, files }));
  } catch (error) {
    throw new SetupError(`The sources could not be built.\n${explain(error)}`, 70);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
