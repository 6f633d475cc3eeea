/** The throughput chart as a picture: a browser must be able to read it, and it must show the run. */
import { expect, type Page, test } from '@playwright/test';
import { throughputPng, throughputSvg } from '../../reports/picture/run-picture.js';
import { fixtureRun, wishes } from './fixtures.js';

/** The plot within the picture, in pixels. */
const plot = { left: 130, columns: 1050, top: 106, bottom: 356 };

/**
 * Size of the picture, in how many columns of the plot the line is, and is at zero, and how much
 * of the heading and of the last line is covered by letters.
 */
async function pixels(page: Page, source: string) {
  await page.setContent(`<img src="${source}">`);
  return page
    .locator('img')
    .evaluate(async (image: HTMLImageElement, { left, columns, top, bottom }) => {
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const part = (x: number, y: number, channel: number) =>
        data[(y * canvas.width + x) * 4 + channel] ?? 0;
      const isLine = (x: number, y: number) => part(x, y, 2) > 150 && part(x, y, 0) < 80;
      const each = Array.from({ length: columns }, (_, index) => left + index);
      const rows = Array.from({ length: bottom - top + 2 }, (_, index) => top - 1 + index);
      const inked = (from: number, until: number) => {
        let count = 0;
        for (let y = from; y < until; y += 1) {
          for (let x = 0; x < canvas.width; x += 1) if (part(x, y, 1) < 130) count += 1;
        }
        return count;
      };
      return {
        width: image.naturalWidth,
        height: image.naturalHeight,
        drawn: each.filter((x) => rows.some((y) => isLine(x, y))).length,
        atZero: each.filter((x) => isLine(x, bottom)).length,
        heading: inked(0, 50),
        sentence: inked(400, 440),
      };
    }, plot);
}

test('a browser reads both pictures, and the line lies at zero for as long as TCP stalled', async ({
  page,
}) => {
  for (const wish of [wishes.pass, wishes.fail, wishes.censored]) {
    const run = fixtureRun(wish);
    const png = (await throughputPng(run)).toString('base64');
    const svg = Buffer.from(throughputSvg(run)).toString('base64');
    for (const source of [`data:image/png;base64,${png}`, `data:image/svg+xml;base64,${svg}`]) {
      const seen = await pixels(page, source);
      expect([seen.width, seen.height]).toEqual([1200, 440]);
      expect(seen.drawn).toBeGreaterThan(1040);
      const [trial] = run.result.trials;
      const stallMs = trial?.tcp?.stallMs ?? trial?.tcp?.stallAtLeastMs ?? Number.NaN;
      // One interval of iperf3 at each end, and the width of the line.
      expect(Math.abs(seen.atZero - (stallMs / 24_000) * plot.columns)).toBeLessThan(
        2 * (100 / 24_000) * plot.columns + 4,
      );
    }
  }
});

test('the PNG has its letters from the package, whatever fonts the machine has', async ({
  page,
}) => {
  const run = fixtureRun(wishes.pass);
  const png = await throughputPng(run);
  const seen = await pixels(page, `data:image/png;base64,${png.toString('base64')}`);
  // Without a font resvg draws none of a text, and no box in its place either.
  expect(seen.heading).toBeGreaterThan(500);
  expect(seen.sentence).toBeGreaterThan(500);
});

test('names from a scenario cannot end the picture or change what it is', async ({ page }) => {
  const run = fixtureRun(wishes.pass);
  run.result.scenario = '</text><script>"&amp;\u0007ŝ 网';
  const seen = await pixels(
    page,
    `data:image/svg+xml;base64,${Buffer.from(throughputSvg(run)).toString('base64')}`,
  );
  expect([seen.width, seen.height]).toEqual([1200, 440]);
  expect((await throughputPng(run)).length).toBeGreaterThan(1000);
});
