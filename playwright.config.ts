import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';
import { measuringLabs } from './test/rings.js';

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
);

/** A machine shared with others can spoil a lab; the summary names what was repeated. */
const labRetries = process.env.CI === undefined ? 0 : 1;
const measuring = measuringLabs.map((name) => `${name}.spec.ts`);

/** Rings of tests, from pure functions to real networks; `npm test` runs them one after the other. */
export default defineConfig({
  testDir: 'test',
  outputDir: 'test-results',
  fullyParallel: false,
  // Networks measure time, and anything that runs beside them is in their figures. `npm test` gives
  // the rings that measure nothing more workers (harness/setup/tests.mjs).
  workers: 1,
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list'], ['./test/summary-reporter.ts']],
  projects: [
    // Some start Python; beside other work that takes a while.
    { name: 'unit', testDir: 'test/unit', timeout: 60_000 },
    { name: 'cli', testDir: 'test/cli', timeout: 120_000 },
    {
      name: 'browser',
      testDir: 'test/browser',
      timeout: 60_000,
      use: {
        ...devices['Desktop Chrome'],
        launchOptions: {
          ...(chromium === undefined ? {} : { executablePath: chromium }),
          args: [
            '--headless',
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
          ],
        },
      },
    },
    {
      name: 'lab',
      testDir: 'test/lab',
      testIgnore: measuring,
      timeout: 300_000,
      retries: labRetries,
    },
    {
      name: 'measure',
      testDir: 'test/lab',
      testMatch: measuring,
      timeout: 300_000,
      retries: labRetries,
    },
  ],
});
