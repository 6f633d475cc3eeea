/** Runs the tests with Playwright's runner; the reporters of playwright.config.ts do the rest. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export function runTests(root, args) {
  const runner = join(root, 'node_modules/@playwright/test/cli.js');
  const cache = join(root, 'node_modules/.cache/playwright');
  const child = spawn(process.execPath, [runner, 'test', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PWTEST_CACHE_DIR: cache },
  });
  // The terminal sends Ctrl-C to both; the runner decides when it is done.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.on('error', () => resolve(70));
    child.on('close', (exitCode, signal) => resolve(exitCode ?? (signal === 'SIGINT' ? 130 : 70)));
  });
}
