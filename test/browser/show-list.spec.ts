/** The list of `failover-lab show`, as its command serves it: sorted, filtered, two runs compared. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, type Page, test } from '@playwright/test';
import { judge } from '../../harness/api/judge.js';
import { packageRoot } from '../../harness/package-root.js';
import { program } from '../lab/program.js';

/** Recorded in labs, and put into the folders of two scenarios. */
const records = [
  { source: 'fails-again', scenario: 'beta', time: '2026-11-20T10-00-00' },
  { source: 'never-recovers', scenario: 'alpha', time: '2026-11-21T10-00-00' },
  { source: 'shorter-than-two-probes', scenario: 'alpha', time: '2026-11-22T10-00-00' },
] as const;

let show: ChildProcess;
let url = '';

test.beforeAll(async () => {
  const runs = test.info().outputPath('runs');
  for (const { source, scenario, time } of records) {
    const folder = join(runs, scenario, time);
    mkdirSync(folder, { recursive: true });
    const packed = join(packageRoot(), 'test/fixtures/recorded', `${source}.ndjson.gz`);
    writeFileSync(join(folder, 'history.ndjson'), gunzipSync(readFileSync(packed)));
    const { result } = await judge(folder);
    writeFileSync(join(folder, 'result.json'), JSON.stringify({ ...result, scenario }));
  }
  const gate = join(runs, 'gate-alpha', '2026-11-19T10-00-00');
  mkdirSync(gate, { recursive: true });
  writeFileSync(join(gate, 'gate.json'), JSON.stringify({ verdict: 'regression' }));
  writeFileSync(join(gate, 'report.html'), '<title>what the gate says</title>');
  show = spawn(process.execPath, [program, 'show', '--port', '0', '--out', runs]);
  const [words] = await once(show.stdout ?? show, 'data');
  url = String(words).trim();
});

test.afterAll(async () => {
  show.kill('SIGTERM');
  await once(show, 'exit');
});

const scenariosOf = (page: Page) => page.locator('#runs tr:visible th').allInnerTexts();

test('a heading sorts the list, and sorts it the other way when it is pressed again', async ({
  page,
}) => {
  await page.goto(url);
  await page.getByRole('button', { name: 'Scenario' }).click();
  expect(await scenariosOf(page)).toEqual(['alpha', 'alpha', 'beta', 'gate-alpha']);
  await page.getByRole('button', { name: 'Scenario' }).press('Enter');
  expect(await scenariosOf(page)).toEqual(['gate-alpha', 'beta', 'alpha', 'alpha']);
  await page.getByRole('button', { name: 'Network outage' }).click();
  const cells = await page.locator('#runs td:nth-child(6)').allInnerTexts();
  expect(cells.at(-1)).toBe('no recovery');
  // What the reader chose outlives the rows, which are asked for again every two seconds.
  await page.evaluate(() => document.getElementById('runs')?.replaceChildren());
  await expect(page.locator('#runs tr')).toHaveCount(4, { timeout: 10_000 });
  expect(await page.locator('#runs td:nth-child(6)').allInnerTexts()).toEqual(cells);
});

test('what a gate made is in the list, with its verdict and its page, and no live view', async ({
  page,
}) => {
  await page.goto(url);
  const row = page.locator('#runs tr', { hasText: 'gate-alpha' });
  await expect(row).toContainText('regression');
  await expect(row.getByRole('link', { name: 'live view' })).toHaveCount(0);
  await expect(row.getByRole('checkbox')).toHaveCount(0);
  await row.getByRole('link').click();
  await expect(page).toHaveTitle('what the gate says');
});

test('words filter by any cell', async ({ page }) => {
  await page.goto(url);
  await page.getByLabel('Filter').fill('ALPHA 2026-11-22');
  await expect(page.locator('#runs tr:visible')).toHaveCount(1);
  await expect(page.locator('#shown')).toHaveText('1 of 4 shown');
  await page.getByLabel('Filter').fill('nothing of the kind');
  await expect(page.locator('#runs tr:visible')).toHaveCount(0);
});

test('two runs that are chosen are compared, the earlier one as A', async ({ page }) => {
  await page.goto(url);
  const compare = page.getByRole('button', { name: 'Compare two runs' });
  await expect(compare).toBeDisabled();
  await page.getByLabel('Compare alpha/2026-11-22T10-00-00').check();
  await expect(compare).toBeDisabled();
  await page.getByLabel('Compare beta/2026-11-20T10-00-00').check();
  await compare.click();
  await expect(page.locator('h1')).toHaveText('What changed from A to B');
  const [before = '', after = ''] = await page.locator('.kicker time').allInnerTexts();
  expect([before, after]).toEqual([expect.stringMatching(/^\d{4}-/), expect.any(String)]);
  await expect(page.locator('section[aria-labelledby="throughput"] svg')).toHaveCount(1);
});

test('without scripts two runs can be compared as well, and one alone is refused', async ({
  browser,
}) => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(url);
  await page.getByLabel('Compare alpha/2026-11-21T10-00-00').check();
  await page.getByRole('button', { name: 'Compare two runs' }).click();
  await expect(page.locator('body')).toContainText('Choose two recorded runs');
  await page.goBack();
  await page.getByLabel('Compare alpha/2026-11-21T10-00-00').check();
  await page.getByLabel('Compare alpha/2026-11-22T10-00-00').check();
  await page.getByRole('button', { name: 'Compare two runs' }).click();
  await expect(page.locator('h1')).toHaveText('What changed from A to B');
  await page.close();
});

test('a run that is not in the folder is not compared', async ({ request }) => {
  const names = ['alpha/2026-11-21T10-00-00', '../../../etc'];
  const words = new URLSearchParams(names.map((name) => ['run', name]));
  expect((await request.get(`${url}diff?${words}`)).status()).toBe(400);
});

test('the trend of a scenario is a page', async ({ page }) => {
  await page.goto(url);
  await page.getByRole('link', { name: 'trend' }).first().click();
  await expect(page.locator('h1')).toHaveText('alpha: trend');
  await expect(page.locator('pre.trend')).toContainText('alpha: median network outage');
});

test('another name, as through a tunnel with another port, is told which port to use', async ({
  request,
}) => {
  const { port } = new URL(url);
  const answer = await request.get(url, { headers: { Host: 'localhost:9999' } });
  expect(answer.status()).toBe(403);
  expect(await answer.text()).toContain(`ssh -L ${port}:127.0.0.1:${port}`);
});
