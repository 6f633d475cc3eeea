/** Opens a rendered report from disk as a reader would, and watches what it does. */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import type { ReportInput } from '../../reports/html/page-data.js';
import { renderHtml } from '../../reports/html/render.js';
import { fixtureEvents, fixtureRun, type RunWish } from './fixtures.js';

export interface Opened {
  /** Addresses that the page asked for, other than itself. */
  requests: string[];
  errors: string[];
  sizeBytes: number;
}

/** Everything a report needs, for a wished run. */
export function reportInput(wish: RunWish, meterEvents?: number): ReportInput {
  const run = fixtureRun(wish);
  return { run, events: fixtureEvents(wish, run, meterEvents), logs: {} };
}

/** Writes the report to disk, opens it with the network off, and waits until it is alive. */
export async function openReport(page: Page, input: ReportInput): Promise<Opened> {
  const text = await renderHtml(input);
  const file = test.info().outputPath('report.html');
  writeFileSync(file, text);
  const address = pathToFileURL(file).href;
  const opened: Opened = { requests: [], errors: [], sizeBytes: Buffer.byteLength(text) };
  page.on('request', (request) => {
    const url = request.url();
    if (url !== address && !/^(data|blob):/.test(url)) opened.requests.push(url);
  });
  page.on('pageerror', (error) => opened.errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') opened.errors.push(message.text());
  });
  page.on('dialog', (dialog) => {
    opened.errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.context().setOffline(true);
  await page.goto(address);
  await expect(page.locator('html')).toHaveAttribute('data-ready', 'yes', { timeout: 20_000 });
  return opened;
}
