#!/usr/bin/env node
/**
 * The first program of every command. It makes a bare clone ready (system packages, npm packages,
 * build) and then hands over to the command line in the same process. Plain JavaScript without
 * dependencies, because it runs before there are any. Everything it says goes to standard error.
 *
 *   node harness/setup/start.mjs run relay-failover     any command of failover-lab
 *   node harness/setup/start.mjs --test [arguments]     the tests, by Playwright's runner
 *   node harness/setup/start.mjs --build                the build alone
 */
import { existsSync, rmSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isBuilt } from './built.mjs';
import { nodePackagesReady } from './node-packages.mjs';
import { SetupError, say } from './say.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const lock = join(root, '.cache/setup.lock');
/** Installed from a registry: built already, and its dependencies are its owner's business. */
const installed =
  root.includes(`${sep}node_modules${sep}`) || !existsSync(join(root, 'tsconfig.json'));

/** Commands that start a network. The others (doctor, report, list …) need only Node. */
const networkCommands = new Set(['run', 'compare', 'gate', 'bench', 'drive', 'shell', 'worker']);

/** Parts of `far` that start a network, on another machine of a campaign. */
const farCommands = new Set(['prepare', 'trial']);

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 12)) return;
  throw new SetupError(
    `failover-lab needs Node 20.12 or newer; this is Node ${process.versions.node}.`,
    69,
  );
}

/** Help, and judging what was recorded before, build nothing; an image has its own programs. */
const withoutNetwork = ['--help', '-h', '--recorded', '--image', '--images'];

function needsNetwork(args) {
  if (args[0] === 'far') return farCommands.has(args[1]);
  if (names(args, '--on') || names(args, '--queue')) return args[0] === 'worker' && !asksHelp(args);
  const given = args.map((word) => word.replace(/=.*$/, ''));
  return networkCommands.has(args[0]) && !withoutNetwork.some((word) => given.includes(word));
}

/** Trials are executed by machines that ssh reaches. */
function needsFarm(args) {
  return names(args, '--on') && !asksHelp(args);
}

function names(args, option) {
  return args.some((word) => word === option || word.startsWith(`${option}=`));
}

function asksHelp(args) {
  return args.includes('--help') || args.includes('-h');
}

/** From the installed source package, which `--source` replaces. */
function buildsKernel(args) {
  const other = asksHelp(args) || args.includes('--source');
  return args[0] === 'kernel' && args[1] === 'build' && !other;
}

function buildsImage(args) {
  const other = ['--help', '-h'].some((word) => args.includes(word));
  return args[0] === 'image' && args[1] === 'build' && !other;
}

async function prepareMachine(purpose) {
  const { installSystemPackages, missingPackages } = await import('./system-packages.mjs');
  const missing = missingPackages(purpose);
  if (missing.length > 0) await installSystemPackages(missing, purpose);
}

/** What is only needed where something is missing is loaded there: every command starts here. */
async function prepare({ testing, network, kernel, image, farm }) {
  checkNode();
  if (network) await prepareMachine({ testing });
  if (kernel) await prepareMachine({ kernel });
  if (image) await prepareMachine({ image });
  if (farm) await prepareMachine({ farm });
  if (installed || (nodePackagesReady(root) && isBuilt(root))) return;
  const [{ withLock }, { installNodePackages }, { build }] = await Promise.all([
    import('./lock.mjs'),
    import('./install-node-packages.mjs'),
    import('./build.mjs'),
  ]);
  await withLock(lock, async () => {
    if (!nodePackagesReady(root)) await installNodePackages(root);
    if (!isBuilt(root)) await build(root);
  });
}

/** Under the lock, since a build that goes on may have written files that no stamp names yet. */
async function removeOldBuild() {
  const { leftOfOldBuild } = await import('./build.mjs');
  if (leftOfOldBuild(root).length === 0) return;
  const { withLock } = await import('./lock.mjs');
  await withLock(lock, async () => {
    for (const path of leftOfOldBuild(root)) rmSync(path, { force: true });
  });
}

/** The browser's part of the reports, which is otherwise made when first needed. */
async function makeClient() {
  const path = join(root, 'dist/reports/html/client-bundle.js');
  if (!existsSync(path)) return;
  const { clientBundle } = await import(pathToFileURL(path).href);
  await clientBundle();
}

async function start(args) {
  const testing = args[0] === '--test';
  const building = args[0] === '--build';
  await prepare({
    testing,
    network: testing || needsNetwork(args),
    kernel: buildsKernel(args),
    image: buildsImage(args),
    farm: needsFarm(args),
  });
  if (building) {
    await removeOldBuild();
    await makeClient();
    return 0;
  }
  if (testing) {
    const { runTests } = await import('./tests.mjs');
    return runTests(root, args.slice(1));
  }
  const entry = pathToFileURL(join(root, 'dist/harness/cli/main.js'));
  const { main } = await import(entry.href);
  return main(args, needsNetwork(args) ? { installForNodes } : {});
}

/** Packages that the nodes of one scenario run, which no other scenario needs. */
async function installForNodes(nodes) {
  await prepareMachine({ nodes });
}

// Exit code 1 would mean a failed verdict, so nothing may fall through to Node's own: what a timer
// or a promise that is not awaited rejects, either.
const exit = process.exit.bind(process);
process.on('uncaughtException', (error) => {
  say(error?.stack ?? String(error));
  exit(70);
});

try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  const expected = error instanceof SetupError;
  say(expected ? error.message : (error?.stack ?? String(error)));
  process.exitCode = expected ? error.exitCode : 70;
}
// All is done: a timer or socket that a scenario file left open must not hold the command.
setTimeout(() => exit(), 500).unref();
