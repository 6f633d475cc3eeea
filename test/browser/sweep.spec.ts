/** sweep.html with a hundred cases, and search.html, in a real browser. What came of trials is made up. */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { renderSearchHtml } from '../../reports/search/html.js';
import { renderSweepHtml } from '../../reports/sweep/html.js';
import { constructedSearch } from '../fixtures/constructed-search.js';
import {
  constructedSweep,
  leafSpineScenario,
  plannedSweep,
  resolved,
} from '../fixtures/constructed-sweep.js';
import { seriousProblems } from './axe.js';

const cases = 100;

/** 8 leaves and 11 spines: 11 relays, 88 tunnels and a controller can fail. */
async function openSweep(page: Page): Promise<{ requests: string[]; errors: string[] }> {
  const scenario = resolved(leafSpineScenario(8, 11));
  const plan = plannedSweep(scenario);
  const swept = constructedSweep(scenario, plan, (place) => ({
    outageMs: place === 3 ? null : ((place * 37) % 90) * 15,
    verdict: place === 3 ? 'fail' : 'pass',
  }));
  const file = test.info().outputPath('sweep.html');
  writeFileSync(file, await renderSweepHtml(swept, scenario));
  const seen = { requests: [] as string[], errors: [] as string[] };
  const address = pathToFileURL(file).href;
  page.on('request', (request) => {
    if (request.url() !== address && !request.url().startsWith('data:')) {
      seen.requests.push(request.url());
    }
  });
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  await page.context().setOffline(true);
  await page.goto(address);
  return seen;
}

test('the first content of a hundred cases is there within a second; nothing is requested', async ({
  page,
}) => {
  const seen = await openSweep(page);
  await expect(page.locator('#ranking tbody tr')).toHaveCount(cases);
  await expect(page.locator('.verdict-line')).toContainText('99 of 100 failures recover');
  const paintedMs = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const [entry] = list.getEntriesByName('first-contentful-paint');
          if (entry) resolve(entry.startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );
  test.info().annotations.push({ type: 'first content', description: `${paintedMs} ms` });
  expect(paintedMs).toBeLessThan(1000);
  expect(seen).toEqual({ requests: [], errors: [] });
});

test('map and ranking lead to a case, with the keyboard alone', async ({ page }) => {
  await openSweep(page);
  const worst = page.locator('#ranking tbody tr').first().locator('a');
  await expect(worst).toHaveText('spine4');
  await worst.focus();
  await page.keyboard.press('Enter');
  const opened = page.locator('details.case[open]');
  await expect(opened).toHaveCount(1);
  await expect(opened.locator('summary')).toBeFocused();
  await expect(opened.locator('pre.command')).toContainText(
    'failover-lab sweep leaf-spine --seed 7 --elements spine4 --faults power-off',
  );
  await page.locator('.felt-map a[data-element="gre-leaf1-spine1"]').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('details.case[open]')).toHaveCount(2);
});

test('the ranking can be filtered by what is felt and by name', async ({ page }) => {
  await openSweep(page);
  await page.selectOption('#case-level', 'never');
  await expect(page.locator('#ranking tbody tr:visible')).toHaveCount(1);
  await expect(page.locator('#case-count')).toHaveText('1 of 100 cases');
  await page.selectOption('#case-level', '');
  await page.fill('#case-text', 'leaf8-');
  await expect(page.locator('#ranking tbody tr:visible')).toHaveCount(11);
});

test('without a script the page has its map, its ranking and its cases', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await openSweep(page);
  await expect(page.locator('.felt-map a')).toHaveCount(cases);
  await expect(page.locator('#ranking tbody tr')).toHaveCount(cases);
  await expect(page.locator('#filters')).toBeHidden();
  await context.close();
});

test('the page of a search has a picture of each finding; axe finds nothing serious', async ({
  page,
}) => {
  const file = test.info().outputPath('search.html');
  const scenario = resolved(leafSpineScenario(3, 2));
  writeFileSync(file, await renderSearchHtml(constructedSearch(), scenario));
  await page.setViewportSize({ width: 360, height: 900 });
  await page.goto(pathToFileURL(file).href);
  await expect(page.locator('article.finding')).toHaveCount(2);
  const first = page.locator('#finding-1');
  await expect(first).toContainText('dark although a path exists');
  await expect(first.locator('.felt-map .node.felt-never')).toHaveCount(2);
  await expect(page.locator('#trials tbody tr')).toHaveCount(6);
  // The worst first, each one click away; the one without an outage is not among them.
  const worst = page.locator('#worst tbody tr');
  await expect(worst.locator('a[href^="report.html"]')).toHaveText(['6', '5', '4', '3', '2']);
  await expect(worst.first().locator('a')).toHaveAttribute('href', 'report.html#trial=6');
  await expect(worst.first().locator('rect')).toHaveAttribute('width', '1000');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(360);
  expect(await seriousProblems(page)).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 360]) {
    test(`${colorScheme}, ${width} pixels wide: axe finds nothing serious, and nothing sticks out`, async ({
      page,
    }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await openSweep(page);
      await page.locator('#ranking tbody tr a').first().click();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(width);
      expect(await seriousProblems(page)).toEqual([]);
    });
  }
}
