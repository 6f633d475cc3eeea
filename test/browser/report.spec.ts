/** report.html in a real browser: what the first screen says, and what the reader can do. */

import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { baselineOf } from '../../harness/judge/gate/baseline.js';
import { judgeGate } from '../../harness/judge/gate/judge.js';
import type { GateResult } from '../../harness/judge/gate/result.js';
import { reason } from '../../harness/model/reason.js';
import { explanationText } from '../../reports/explanation.js';
import { formatAtLeastMs, formatRangeMs } from '../../reports/format.js';
import { renderHtml } from '../../reports/html/render.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { seriousProblems } from './axe.js';
import { fixtureScenario, plainNames } from './fixture-scenario.js';
import { fixtureEvents, fixtureRun, type RunWish, tenTrials, wishes } from './fixtures.js';
import { openReport, reportInput } from './opened-report.js';

function metric(page: Page, name: string) {
  return page.locator(`[data-metric="${name}"]`);
}

/** What the gate says when the same scenario was faster before. */
function gateOf(wish: RunWish): GateResult {
  const before = baselineOf(fixtureRun(tenTrials(160, 40, 'fast-failover')).result, 10_000);
  return judgeGate(before, fixtureRun(wish).result, {
    scenario: fixtureScenario(plainNames, 'What does the gate say?'),
  });
}

async function zoomOf(page: Page): Promise<[number, number]> {
  const text = (await page.locator('#charts').getAttribute('data-zoom')) ?? '';
  const [from, to] = text.split(' ').map(Number);
  return [from ?? Number.NaN, to ?? Number.NaN];
}

function strategies() {
  const sides: Array<[string, number, number]> = [
    ['floyd', 5200, 5600],
    ['floyd-timeout', 390, 90],
    ['fast-failover', 262, 50],
  ];
  return sides.map(([label, mean, spread]) => fixtureRun(tenTrials(mean, spread, label)));
}

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('the page has its numbers and the throughput of the trial', async ({ page }) => {
    const input = reportInput(wishes.pass);
    await page.setContent(await renderHtml(input));
    await expect(page.locator('h1')).toHaveText(input.run.result.question);
    const chart = page.locator('#charts svg.throughput');
    await expect(chart).toBeVisible();
    await expect(chart).toHaveAttribute('aria-label', /fault: power-off/);
    await expect(chart.locator('.rates')).toHaveCount(input.run.charts[0]?.throughput.length ?? -1);
    await expect(chart.locator('.fault')).toHaveCount(1);
    // Drawn in the colours of the page, not as a black shape.
    const fill = await chart.locator('.rates').evaluate((path) => getComputedStyle(path).fill);
    expect(fill).toBe('none');
  });

  test('it has expectations, phases, trials and the environment, and no control that does nothing', async ({
    page,
  }) => {
    const wish = tenTrials(262, 50, 'fast-failover');
    const input = reportInput(wish);
    await page.setContent(await renderHtml(input));
    const { environment, trials } = input.run.result;
    await expect(page.locator('#expectation-table tbody tr')).toHaveCount(
      trials[0]?.expectations.length ?? -1,
    );
    await expect(page.locator('#waterfalls [data-phase="detectedMs"]').first()).toBeVisible();
    await expect(page.locator('#trial-table tbody tr')).toHaveCount(10);
    await expect(page.locator('#strips .dot').first()).toBeVisible();
    await expect(page.locator('#record')).toContainText(environment.kernel);
    await expect(page.locator('#evidence-parts')).toContainText('RFC 6414 failover time');
    for (const control of [
      '#theme',
      '#scrubber',
      '[data-zoom]',
      '[data-download]',
      '#event-kind',
    ]) {
      await expect(page.locator(control).first()).toBeHidden();
    }
  });

  test('on a narrow screen nothing is wider than the screen, and phases are a list', async ({
    page,
  }) => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.setContent(await renderHtml(reportInput(wishes.pass)));
    const phases = page.locator('.phases').first();
    await expect(phases.locator('thead')).toBeHidden();
    expect(await phases.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
  });
});

test.describe('the first screen', () => {
  for (const [name, wish] of Object.entries(wishes)) {
    test(`says what a run that ended as ${name} found`, async ({ page }) => {
      const input = reportInput(wish);
      const opened = await openReport(page, input);
      const { result } = input.run;
      const [trial] = result.trials;
      expect(opened.errors).toEqual([]);
      await expect(page.locator('h1')).toHaveText(result.question);
      await expect(page.locator('.hero > .verdict-line .chip')).toContainText(result.verdict);
      for (const reason of sentencesOf(result.reasons))
        await expect(page.locator('.reasons')).toContainText(reason);
      await expect(page.locator('.explanation')).toHaveText(
        explanationText(trial?.explanation ?? null),
      );
      await expect(page.locator('svg.topology')).toBeInViewport();
      await expect(metric(page, 'networkOutageMs')).toBeInViewport();
      await expect(metric(page, 'packetsLost')).toBeInViewport();
    });
  }

  test('shows the numbers of result.json with their bounds', async ({ page }) => {
    const input = reportInput(wishes.pass);
    await openReport(page, input);
    const [trial] = input.run.result.trials;
    const outage = trial?.network?.reverse;
    if (!trial?.tcp || !outage?.outageRangeMs || !trial.tcp.stallMs) throw new Error('fixture');
    await expect(metric(page, 'networkOutageMs')).toHaveAttribute(
      'data-value',
      String(outage.outageMs),
    );
    await expect(metric(page, 'networkOutageMs').locator('.big')).toHaveText(
      formatRangeMs(outage.outageRangeMs),
    );
    await expect(metric(page, 'tcpStallMs')).toHaveAttribute(
      'data-value',
      String(trial.tcp.stallMs),
    );
    const lost = outage.packetsLost + (trial.network?.forward.packetsLost ?? 0);
    await expect(metric(page, 'packetsLost')).toHaveAttribute('data-value', String(lost));
    const phases = page.locator('[data-phase]');
    for (const [key, value] of Object.entries(trial.phases ?? {})) {
      await expect(phases.and(page.locator(`[data-phase="${key}"]`)).first()).toHaveAttribute(
        'data-value',
        String(value),
      );
    }
    await expect(page.locator('[data-expectation="fast"]')).toHaveAttribute(
      'data-margin',
      String(trial.expectations[0]?.margin),
    );
  });

  test('shows every flow with what arrived, what was lost and its jitter', async ({ page }) => {
    await openReport(page, reportInput(wishes.pass));
    const cells = (flow: string) => page.locator(`[data-flow="${flow}"]`).locator('th, td');
    await expect(cells('udp h1')).toHaveText([
      'udp h1',
      'UDP h1 → h2',
      '2.5–9.4 s',
      '4.00 Mbit/s',
      '115 of 2,875 (4 %)',
      '0.3 ms',
      '',
    ]);
    await expect(cells('tcp h1').nth(4)).toHaveText('37 retransmitted');
  });

  test('never shows a number for a network that did not come back', async ({ page }) => {
    await openReport(page, reportInput(wishes.censored));
    await expect(metric(page, 'networkOutageMs')).toHaveAttribute('data-value', 'null');
    await expect(metric(page, 'networkOutageMs').locator('.big')).toHaveText(
      formatAtLeastMs(30000),
    );
    await expect(page.locator('[data-phase="tcpMovingMs"]')).toContainText('not observed');
  });

  test('compares ten trials of several strategies', async ({ page }) => {
    const runs = strategies();
    const wish = tenTrials(262, 50, 'fast-failover');
    const run = fixtureRun(wish);
    const opened = await openReport(page, { ...reportInput(wish), run, compare: runs });
    expect(opened.errors).toEqual([]);
    await expect(metric(page, 'networkOutageMs').locator('.over-all')).toHaveAttribute(
      'data-median',
      String(run.result.summary.networkOutageMs.median),
    );
    for (const side of runs) {
      const row = page.locator(`[data-strategy="${side.result.controller}"]`);
      await expect(row).toHaveAttribute(
        'data-median',
        String(side.result.summary.networkOutageMs.median),
      );
    }
    await expect(page.locator('.compare-strips .dot')).toHaveCount(30);
    await expect(page.locator('#compare-chart canvas')).toBeVisible();
    await page.locator('#strips .dot[data-trial="3"]').first().click();
    await expect(page.locator('#main')).toHaveAttribute('data-trial', '3');
    await expect(page.locator('.which')).toContainText('Trial 4 of 10');
    const outage = run.result.trials[3]?.network?.reverse.outageMs;
    await expect(metric(page, 'networkOutageMs')).toHaveAttribute('data-value', String(outage));
  });
});

test('a run that ended before its first trial says so and shows its record', async ({ page }) => {
  const input = reportInput(wishes.pass);
  const { result } = input.run;
  const opened = await openReport(page, {
    run: {
      result: {
        ...result,
        verdict: 'inconclusive',
        reasons: [reason('as-written', { text: 'the controller did not start' })],
        trials: [],
        summary: {
          networkOutageMs: { n: 0, censored: 0, min: null, median: null, max: null, ci95: null },
          tcpStallMs: { n: 0, censored: 0, min: null, median: null, max: null, ci95: null },
        },
      },
      charts: [],
    },
    events: input.events.slice(0, 1),
    logs: {},
  });
  expect(opened.errors).toEqual([]);
  await expect(page.locator('.reasons')).toHaveText('the controller did not start');
  await expect(page.locator('.hero')).toContainText('No trial was recorded.');
  await expect(page.locator('#timeline')).toHaveCount(0);
  await expect(page.locator('#event-count')).toHaveText('1 of 1');
});

test('the scrubber moves the path, and crosses out what is dead', async ({ page }) => {
  await openReport(page, reportInput(wishes.pass));
  const way = (state: string) => page.locator(`svg.topology .way.${state}`).first();
  const relay = page.locator('[data-node="r1"]');
  const scrubber = page.locator('#scrubber');
  await expect(way('new')).toHaveAttribute('data-way', 'h1 e1 r2 e2 h2');
  await scrubber.fill('4000');
  await expect(way('first')).toHaveAttribute('data-way', 'h1 e1 r1 e2 h2');
  await expect(relay).toHaveAttribute('data-state', 'up');
  await scrubber.fill('8100');
  await expect(way('broken')).toHaveAttribute('data-way', 'h1 e1 r1 e2 h2');
  await expect(relay).toHaveAttribute('data-state', 'dead');
  await expect(relay.locator('.cross')).toBeVisible();
  await expect(scrubber).toHaveAttribute('aria-valuetext', /packets are lost forward and reverse/);
  await scrubber.fill('20000');
  await expect(relay).toHaveAttribute('data-state', 'up');
  await scrubber.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('#moment')).toContainText('19.990 s');
  const jump = (name: RegExp) => page.locator('#jumps').getByRole('button', { name }).click();
  await jump(/^Fault 8\.000 s/);
  await expect(page.locator('#moment')).toContainText(/^8\.000 s: /);
  await jump(/^During /);
  await expect(scrubber).toHaveAttribute('aria-valuetext', /packets are lost forward and reverse/);
});

test('all charts share one zoom, by drag, keys and double click', async ({ page }) => {
  await openReport(page, reportInput(wishes.pass));
  await page.locator('#charts').scrollIntoViewIfNeeded();
  const [startMs, endMs] = await zoomOf(page);
  const area = page.locator('#charts .u-over');
  await expect(area).toHaveCount(3);
  const box = await area.first().boundingBox();
  if (!box) throw new Error('no chart');
  await page.mouse.move(box.x + box.width * 0.25, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 5 });
  await page.mouse.up();
  const zoomed = await zoomOf(page);
  expect(zoomed[0]).toBeCloseTo(startMs + (endMs - startMs) * 0.25, -2);
  expect(zoomed[1]).toBeCloseTo(startMs + (endMs - startMs) * 0.5, -2);
  const delay = await area.nth(2).boundingBox();
  if (!delay) throw new Error('no delay chart');
  await page.mouse.move(delay.x + delay.width * 0.5, delay.y + 30);
  const middleS = (zoomed[0] + zoomed[1]) / 2000;
  const readS = async () => Number.parseFloat(await page.locator('#readout strong').innerText());
  await expect.poll(async () => Math.abs((await readS()) - middleS)).toBeLessThan(0.05);
  await page.mouse.dblclick(delay.x + delay.width / 2, delay.y + 30);
  await expect.poll(() => zoomOf(page)).toEqual([startMs, endMs]);
  await page.locator('#charts').focus();
  await page.keyboard.press('+');
  const [from, to] = await zoomOf(page);
  expect(to - from).toBeCloseTo((endMs - startMs) / 2, 3);
  await page.keyboard.press('0');
  await expect.poll(() => zoomOf(page)).toEqual([startMs, endMs]);
});

test('events are filtered by kind, text and time, and chosen by keys', async ({ page }) => {
  await openReport(page, reportInput(wishes.pass, 20_000));
  const rows = page.locator('#events [role="option"]');
  await expect(page.locator('#event-count')).toHaveText('20,004 of 20,004');
  expect(await rows.count()).toBeLessThan(60);
  await page.locator('#event-kind').selectOption('observe.bfd');
  await expect(page.locator('#event-count')).toHaveText('1 of 20,004');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('Control Detection Time Expired');
  await page.locator('.event-body').focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('#event-detail')).toContainText('"state": "down"');
  await page.locator('#event-kind').selectOption('');
  await page.locator('#event-text').fill('POWER-OFF');
  await expect(page.locator('#event-count')).toHaveText('1 of 20,004');
  await page.locator('#event-text').fill('');
  await page.locator('#event-zoom').check();
  await page.locator('[data-zoom="fault"]').click();
  const [from, to] = await zoomOf(page);
  const shown = await page.locator('#event-count').textContent();
  const count = Number(shown?.split(' of ')[0]?.replaceAll(',', ''));
  expect(count).toBeGreaterThan(((to - from) / 24_000) * 20_000 * 0.95);
  expect(count).toBeLessThan(((to - from) / 24_000) * 20_000 * 1.05 + 5);
});

test('dark and light follow the system, and the button', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openReport(page, reportInput(wishes.pass));
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.getByRole('button', { name: 'Switch to light colours' }).click();
  const light = await ground();
  expect(dark).not.toBe(light);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await ground()).toBe(light);
});

test('a permalink shows the trial and the moment again, and follows the reader', async ({
  page,
}) => {
  await openReport(page, reportInput(tenTrials(262, 50, 'fast-failover')));
  const link = page.locator('#permalink');
  await page.locator('#trial-table button[data-trial="3"]').click();
  await page.locator('#scrubber').fill('8100');
  await expect(link).toHaveAttribute('href', '#trial=4&at=8100');
  await expect(page).toHaveURL(/#trial=4&at=8100$/);
  const address = page.url();
  await page.goto('about:blank');
  await page.goto(address);
  await expect(page.locator('html')).toHaveAttribute('data-ready', 'yes', { timeout: 20_000 });
  await expect(page.locator('#main')).toHaveAttribute('data-trial', '3');
  await expect(page.locator('#moment')).toContainText(/^8\.100 s: /);
  // Somebody else's address, typed into the open page; and one that leads nowhere.
  await page.evaluate(() => {
    location.hash = '#trial=2&at=4000';
  });
  await expect(page.locator('#main')).toHaveAttribute('data-trial', '1');
  await expect(page.locator('#moment')).toContainText(/^4\.000 s: /);
  await page.evaluate(() => {
    location.hash = '#trial=99&at=later';
  });
  await expect(page.locator('#main')).toHaveAttribute('data-trial', '1');
});

test('a term has its meaning beside it, for the keyboard as well', async ({ page }) => {
  await openReport(page, reportInput(wishes.pass));
  const term = page.locator('.term', { hasText: 'TBM' });
  await term.focus();
  const shown = await term.evaluate((one) => getComputedStyle(one, '::after').content);
  expect(shown).toContain('Time-based method (RFC 6414)');
  await expect(term).toHaveAttribute('aria-label', /^TBM: Time-based method/);
});

test('the charts of the trial are saved as CSV', async ({ page }) => {
  const input = reportInput(wishes.pass);
  await openReport(page, input);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('[data-download="charts"]').click(),
  ]);
  expect(download.suggestedFilename()).toBe('trial-1.csv');
  const rows = readFileSync(await download.path(), 'utf8').split('\r\n');
  expect(rows[0]).toBe('series,name,from_s,to_s,value,unit');
  const [first] = input.run.charts[0]?.throughput ?? [];
  const points = rows.filter((row) => row.startsWith(`throughput by the ${first?.source},`));
  expect(points).toHaveLength(
    input.run.charts[0]?.throughput.reduce((sum, { points: all }) => sum + all.length, 0) ?? -1,
  );
});

test.describe('axe finds nothing serious', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`in ${colorScheme} colours`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      const wish = tenTrials(262, 50, 'fast-failover');
      await openReport(page, {
        ...reportInput(wish),
        logs: { 'controller.log': 'ready\n' },
        compare: strategies(),
        baseline: gateOf(wish),
      });
      expect(await seriousProblems(page)).toEqual([]);
    });
  }
});

test('hostile names stay text', async ({ page }) => {
  const script = '</script><script>alert(1)</script><img src=x onerror=alert(2)>';
  const names = {
    left: `"h'1" onload="x`,
    right: 'שלום\u202e<b>',
    relay: `${script}${'r'.repeat(200)}`,
  };
  const wish = {
    ...wishes.pass,
    names,
    question: script,
    controller: script,
    explanation: script,
    reasons: [script],
  };
  const run = fixtureRun(wish);
  const opened = await openReport(page, {
    run,
    events: fixtureEvents(wish, run),
    logs: { [script]: `${script}\n${script}` },
    compare: [run],
  });
  expect(opened.errors).toEqual([]);
  expect(opened.requests).toEqual([]);
  await expect(page.locator('h1')).toHaveText(script);
  await expect(page.locator('.explanation')).toHaveText(script);
  await expect(page.locator('img')).toHaveCount(0);
  await expect(page.locator('script')).toHaveCount(5);
  await expect(
    page.locator('svg.topology title').filter({ hasText: 'alert(1)' }).first(),
  ).toBeAttached();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
});

test('the page asks nobody for anything, and its policy forbids it to', async ({ page }) => {
  const opened = await openReport(page, reportInput(wishes.pass));
  expect(opened.requests).toEqual([]);
  const answered = await page.evaluate(() =>
    fetch('https://example.org/').then(
      () => true,
      () => false,
    ),
  );
  expect(answered).toBe(false);
  const policy = await page
    .locator('meta[http-equiv="Content-Security-Policy"]')
    .getAttribute('content');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
});

test('ten trials stay under 1.5 MB, and say what was left out', async ({ page }) => {
  const wish = tenTrials(262, 50, 'fast-failover');
  const opened = await openReport(page, reportInput(wish, 60_000));
  expect(opened.sizeBytes).toBeLessThan(1_500_000);
  await expect(page.locator('#record')).toContainText('history.ndjson beside this report');
});

test('history and result are saved as they were', async ({ page }) => {
  const input = reportInput(wishes.pass);
  await openReport(page, input);
  const [result] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download result.json' }).click(),
  ]);
  expect(JSON.parse(readFileSync(await result.path(), 'utf8'))).toEqual(input.run.result);
  const [history] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download history.ndjson' }).click(),
  ]);
  const lines = readFileSync(await history.path(), 'utf8')
    .trim()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(input.events);
});
