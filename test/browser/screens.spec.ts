/**
 * The report and the comparison of two runs where people look at them: a phone, a tablet, a screen,
 * twice as large, on paper, and without scripts.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, type Page, test } from '@playwright/test';
import { diff } from '../../harness/api/diff.js';
import { packageRoot } from '../../harness/package-root.js';
import { renderDiffHtml } from '../../reports/diff/html.js';
import { renderHtml } from '../../reports/html/render.js';
import { seriousProblems } from './axe.js';
import { tenTrials } from './fixtures.js';
import { reportInput } from './opened-report.js';

const files = new Map<string, string>();

/** A folder with a history that was recorded in a lab. */
function recorded(name: string): string {
  const folder = test.info().outputPath(name);
  mkdirSync(folder, { recursive: true });
  const packed = join(packageRoot(), 'test/fixtures/recorded', `${name}.ndjson.gz`);
  writeFileSync(join(folder, 'history.ndjson'), gunzipSync(readFileSync(packed)));
  return folder;
}

test.beforeAll(async () => {
  const pages = {
    report: await renderHtml(reportInput(tenTrials(262, 50, 'fast-failover'))),
    diff: await renderDiffHtml(await diff(recorded('fails-again'), recorded('never-recovers'))),
  };
  for (const [name, text] of Object.entries(pages)) {
    const file = test.info().outputPath(`${name}.html`);
    writeFileSync(file, text);
    files.set(name, pathToFileURL(file).href);
  }
});

/** How far the page is wider than its window, in CSS pixels. */
const tooWide = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

const screens = [
  { name: 'a phone', width: 390, scale: 1 },
  { name: 'a tablet', width: 768, scale: 1 },
  { name: 'a screen', width: 1280, scale: 1 },
  { name: 'a screen at 200 %', width: 640, scale: 2 },
] as const;

for (const name of ['report', 'diff']) {
  for (const screen of screens) {
    for (const javaScriptEnabled of [true, false]) {
      const how = javaScriptEnabled ? 'with' : 'without';
      test(`the ${name} on ${screen.name}, ${how} scripts`, async ({ browser }) => {
        const page = await browser.newPage({
          viewport: { width: screen.width, height: 900 },
          deviceScaleFactor: screen.scale,
          javaScriptEnabled,
        });
        await page.goto(files.get(name) ?? '');
        await expect(page.locator('h1')).toBeVisible();
        if (javaScriptEnabled && name === 'report') {
          await expect(page.locator('html')).toHaveAttribute('data-ready', 'yes');
        }
        expect(await tooWide(page)).toBeLessThanOrEqual(0);
        if (javaScriptEnabled) expect(await seriousProblems(page)).toEqual([]);
        await page.screenshot({ path: test.info().outputPath('screen.png'), fullPage: true });
        await page.close();
      });
    }
  }

  test(`the ${name} on paper: light, whole, without controls`, async ({ page }) => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.setViewportSize({ width: 720, height: 1000 });
    await page.goto(files.get(name) ?? '');
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(colour).toMatch(/rgb\(2[45]\d, 2[45]\d, 2[45]\d\)|rgba\(0, 0, 0, 0\)/);
    // In a table a button is also the name of its row, and looks like text.
    await expect(page.locator('button:visible:not(table button), input:visible')).toHaveCount(0);
    for (const button of await page.locator('table button:visible').all()) {
      await expect(button).toHaveCSS('border-top-width', '0px');
    }
    expect(await tooWide(page)).toBeLessThanOrEqual(0);
    await page.screenshot({ path: test.info().outputPath('paper.png'), fullPage: true });
  });

  test(`the ${name} by keyboard: the first key leads to the text`, async ({ page }) => {
    await page.goto(files.get(name) ?? '');
    await page.keyboard.press('Tab');
    await expect(page.locator(':focus')).toHaveAttribute('href', '#main');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
  });
}
