/** The documents as a site, opened from disk: whole, searchable, readable on any screen. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { buildSite } from '../../docs/site/build.js';
import { packageRoot } from '../../harness/package-root.js';
import { anchorsOf, pages } from '../documents.js';
import { seriousProblems } from './axe.js';

let folder = '';

test.beforeAll(async () => {
  folder = test.info().outputPath('site');
  expect(await buildSite(packageRoot(), folder)).toBe(pages().length);
});

const open = (page: Page, path: string) => page.goto(pathToFileURL(join(folder, path)).href);

function htmlFiles(): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.html'),
  );
}

/** Links of the built pages that lead nowhere, as `page: link`. */
function deadLinks(texts: Map<string, string>): string[] {
  return [...texts].flatMap(([path, text]) =>
    [...text.matchAll(/<a [^>]*href="([^"]+)"/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [file = '', anchor = ''] = link.split('#');
        const target = file === '' ? path : normalize(join(path, '..', file));
        const held = texts.get(target);
        return held === undefined || (anchor !== '' && !held.includes(`id="${anchor}"`));
      })
      .map((link) => `${path}: ${link}`),
  );
}

test('every link leads to a page and a heading, and every heading has the anchor of GitHub', () => {
  const texts = new Map(
    htmlFiles().map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  );
  expect(deadLinks(texts)).toEqual([]);
  expect(deadLinks(new Map([['a.html', '<a href="b.html">b</a>']]))).toHaveLength(1);
  for (const one of pages()) {
    const address = one.path === 'README.md' ? 'index.html' : one.path.replace('.md', '.html');
    const text = texts.get(address) ?? '';
    expect(anchorsOf(one).filter((anchor) => !text.includes(`id="${anchor}"`))).toEqual([]);
  }
});

test('the search finds by a part of a name, by a beginning and in spite of a mistake', async ({
  page,
}) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).protocol));
  await open(page, 'docs/faults.html');
  await page.keyboard.press('/');
  for (const query of ['atMost', 'blackh', 'expectatoin']) {
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(query);
    await expect(page.locator('#found a').first()).toBeVisible();
  }
  await page.locator('#query').fill('xyzzyxyzzy');
  await expect(page.locator('#found')).toHaveText('Nothing found for xyzzyxyzzy');
  await page.locator('#query').fill('VRRP gateways');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/docs\/routers\.html#/);
  expect([...new Set(asked)]).toEqual(['file:']);
});

test('without scripts the text, the navigation and no control that does nothing', async ({
  browser,
}) => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await open(page, 'index.html');
  await expect(page.locator('main h1')).toHaveText('failover-lab');
  await expect(page.locator('nav a')).toHaveCount(
    pages().length + (await page.locator('nav .contents a').count()),
  );
  await expect(page.locator('button:visible, input:visible')).toHaveCount(0);
  await page.close();
});

test('the choice of colours is kept from page to page', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await open(page, 'index.html');
  await page.getByRole('button', { name: 'Switch to dark colours' }).click();
  await page.locator('nav').getByRole('link', { name: 'Faults' }).first().click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 1280]) {
    test(`${colorScheme}, ${width} pixels wide: axe finds nothing serious, and nothing sticks out`, async ({
      page,
    }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      for (const path of ['index.html', 'docs/first-hour.html', 'docs/reference.html']) {
        await open(page, path);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide, path).toBeLessThanOrEqual(width);
        expect(await seriousProblems(page), path).toEqual([]);
      }
    });
  }
}
