/**
 * Runs the tests with Playwright's runner, ring by ring: what needs no network and labs that measure
 * nothing run side by side, labs that measure have the machine to themselves. The reporters of
 * playwright.config.ts do the rest.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

const cores = availableParallelism();

/** Projects of playwright.config.ts that run together, and how many tests at a time. */
const rings = [
  { name: 'pages and commands', projects: ['unit', 'cli', 'browser'], workers: Math.max(2, cores) },
  { name: 'concurrent labs', projects: ['lab'], workers: 3 },
  { name: 'labs that measure', projects: ['measure'], workers: 1 },
];

/** With arguments: one run of Playwright, with these. Without: all rings, and the sum of their counts. */
export async function runTests(root, args) {
  // The terminal sends Ctrl-C to both; the runner decides when it is done.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  if (args.length > 0) return runPlaywright(root, args, {});
  const folder = mkdtempSync(join(tmpdir(), 'failover-lab-test-'));
  try {
    return await runRings(root, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runRings(root, folder) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  let exitCode = 0;
  for (const [place, { name, projects, workers }] of rings.entries()) {
    const countsFile = join(folder, `${place}.json`);
    const words = projects.map((project) => `--project=${project}`);
    const began = performance.now();
    const ended = await runPlaywright(
      root,
      [...words, `--workers=${workers}`, '--output', `test-results/${place}`],
      { FAILOVER_LAB_TEST_COUNTS: countsFile },
    );
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(`\n${name}: ${seconds} s with ${workers} at a time\n`);
    const counts = readCounts(countsFile);
    for (const key of Object.keys(sum)) sum[key] += counts[key];
    exitCode ||= ended;
    if (ended === 130) break;
  }
  console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  return exitCode;
}

/** A ring that ended without counting has failed, whatever its exit code. */
function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function runPlaywright(root, args, environment) {
  const runner = join(root, 'node_modules/@playwright/test/cli.js');
  const cache = join(root, 'node_modules/.cache/playwright');
  const child = spawn(process.execPath, [runner, 'test', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PWTEST_CACHE_DIR: cache, ...environment },
  });
  const end = () => child.kill('SIGTERM');
  process.on('SIGTERM', end);
  return new Promise((resolve) => {
    child.on('error', () => resolve(70));
    child.on('close', (exitCode, signal) => {
      process.off('SIGTERM', end);
      resolve(exitCode ?? (signal === 'SIGINT' ? 130 : 70));
    });
  });
}
