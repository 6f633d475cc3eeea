/**
 * How quickly report.html shows itself with a long history, and whether it scrolls without
 * stutter: measured in a real browser, by the browser's own performance interface.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { LabError } from '../errors.js';
import type { HistoryEvent } from '../model/history/events.js';
import { readStoredNumbers, scrollThrough, watchPage } from './report/in-page.js';

export interface BenchReportOptions {
  /** Events of a recorded run; they are repeated, later in time, up to `eventCount`. */
  events: readonly HistoryEvent[];
  eventCount: number;
  repetitions: number;
  /** Makes the page; handed in, since the harness does not know the reports. */
  renderPage: (events: HistoryEvent[]) => Promise<string>;
  onProgress?: (text: string) => void;
}

/** One opening of the page; times are milliseconds after navigation began. */
export interface ReportReading {
  /** First contentful paint. */
  firstContentMs: number;
  /** All events read, filtered and shown. */
  readyMs: number;
  /** Longest task of the page's thread while it was read. */
  loadingTaskMaxMs: number;
  /** The same while the table of events, and then the page, was scrolled from end to end. */
  scrollTaskMaxMs: number;
  scrollTasksOver100Ms: number;
  scrollFrames: number;
  /** Longest time between two frames while scrolling. */
  frameGapMaxMs: number;
}

export interface BenchReportResult {
  events: number;
  sizeBytes: number;
  renderMs: number;
  browser: string;
  /** Processes that waited for a processor before the bench, over the last minute. */
  loadBefore: number;
  readings: ReportReading[];
}

const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The meter's events again and again, one trial's length later each time. */
export function stretchedHistory(events: readonly HistoryEvent[], count: number): HistoryEvent[] {
  const repeated = events.filter((event) => event.kind.startsWith('meter.'));
  const stamps = events.map((event) => event.atNs);
  const lengthNs =
    stamps.reduce((a, b) => Math.max(a, b), 0) -
    stamps.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const stretched = [...events];
  for (let round = 1; stretched.length < count && repeated.length > 0; round += 1) {
    for (const event of repeated.slice(0, count - stretched.length)) {
      stretched.push({ ...event, atNs: event.atNs + Math.round(lengthNs * round) });
    }
  }
  return stretched;
}

async function readPage(page: Page, address: string): Promise<ReportReading> {
  await page.addInitScript(watchPage);
  await page.goto(address);
  await page.locator('html[data-ready]').waitFor({ state: 'attached', timeout: 120_000 });
  const loaded = await page.evaluate(readStoredNumbers);
  const scrolled = await page.evaluate(scrollThrough);
  return {
    firstContentMs: loaded.firstContentMs,
    readyMs: loaded.readyMs,
    loadingTaskMaxMs: Math.max(0, ...loaded.tasksMs),
    scrollTaskMaxMs: Math.max(0, ...scrolled.tasksMs),
    scrollTasksOver100Ms: scrolled.tasksMs.filter((ms) => ms > 100).length,
    scrollFrames: scrolled.gapsMs.length,
    frameGapMaxMs: Math.max(0, ...scrolled.gapsMs),
  };
}

async function openBrowser() {
  const executablePath = browsers.find((path) => existsSync(path));
  const playwright = await import('@playwright/test').catch(() => null);
  if (executablePath === undefined || playwright === null) {
    throw new LabError('MACHINE_LACKS', 'This bench needs Chromium and @playwright/test.', {
      hint: 'Install the package chromium, and run the bench from a checkout of the project.',
    });
  }
  return playwright.chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'],
  });
}

/**
 * Renders the page once and opens it as often as asked, each time in a fresh profile.
 * @throws LabError MACHINE_LACKS without a browser.
 */
export async function benchReport(options: BenchReportOptions): Promise<BenchReportResult> {
  const events = stretchedHistory(options.events, options.eventCount);
  const [loadBefore = 0] = loadavg();
  const began = performance.now();
  const text = await options.renderPage(events);
  const renderMs = performance.now() - began;
  const folder = mkdtempSync(join(tmpdir(), 'failover-lab-bench-'));
  const file = join(folder, 'report.html');
  writeFileSync(file, text);
  const browser = await openBrowser();
  const readings: ReportReading[] = [];
  try {
    for (let repetition = 0; repetition < options.repetitions; repetition += 1) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const reading = await readPage(await context.newPage(), pathToFileURL(file).href);
      readings.push(reading);
      options.onProgress?.(`${repetition + 1} of ${options.repetitions}`);
      await context.close();
    }
    return {
      events: events.length,
      sizeBytes: Buffer.byteLength(text),
      renderMs,
      browser: `Chromium ${browser.version()}`,
      loadBefore,
      readings,
    };
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
