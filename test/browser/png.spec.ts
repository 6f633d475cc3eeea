/** The throughput chart as a picture: a browser must be able to read it, and it must show the run. */
import { expect, type Page, test } from '@playwright/test';
import { throughputPng } from '../../reports/png.js';
import { fixtureRun, wishes } from './fixtures.js';

/** Size of the picture, and in how many columns of the plot the line is, and is at zero. */
async function pixels(page: Page, png: Buffer) {
  await page.setContent(`<img src="data:image/png;base64,${png.toString('base64')}">`);
  return page.locator('img').evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const isLine = (x: number, y: number) => {
      const at = (y * canvas.width + x) * 4;
      return (data[at + 2] ?? 0) > 150 && (data[at] ?? 0) < 80;
    };
    const columns = Array.from({ length: 1020 }, (_, index) => 150 + index);
    return {
      width: image.naturalWidth,
      height: image.naturalHeight,
      drawn: columns.filter((x) =>
        Array.from({ length: 300 }, (_, y) => y + 70).some((y) => isLine(x, y)),
      ).length,
      atZero: columns.filter((x) => isLine(x, 360)).length,
    };
  });
}

test('a browser reads the picture, and the line lies at zero for as long as TCP stalled', async ({
  page,
}) => {
  for (const wish of [wishes.pass, wishes.fail, wishes.censored]) {
    const run = fixtureRun(wish);
    const png = throughputPng(run);
    const seen = await pixels(page, png);
    expect([seen.width, seen.height]).toEqual([1200, 440]);
    expect(seen.drawn).toBeGreaterThan(1010);
    const [trial] = run.result.trials;
    const stallMs = trial?.tcp?.stallMs ?? trial?.tcp?.stallAtLeastMs ?? Number.NaN;
    // One interval of iperf3 at each end, and the width of the line.
    expect(Math.abs(seen.atZero - (stallMs / 24_000) * 1020)).toBeLessThan(
      2 * (100 / 24_000) * 1020 + 4,
    );
  }
});
