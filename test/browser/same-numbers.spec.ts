/** The terminal and the page are made from one judged run: what one prints the other shows. */
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { judge } from '../../harness/analysis/judge.js';
import { medianTrial } from '../../harness/analysis/median-trial.js';
import { readHistoryFile } from '../../harness/history/reader.js';
import { formatOutage, formatStall } from '../../reports/headline.js';
import { renderTerminal } from '../../reports/terminal/terminal.js';
import { openReport } from './opened-report.js';

const histories = join(import.meta.dirname, '../fixtures/histories');

for (const name of ['recovers', 'never-recovers', 'one-direction-only', 'random-loss-30-percent']) {
  test(`terminal and page tell the same numbers of ${name}`, async ({ page }) => {
    const { events } = await readHistoryFile(join(histories, `${name}.ndjson`));
    const run = judge(events);
    const trial = medianTrial(run)?.trial;
    if (!trial?.network || !trial.tcp) throw new Error('the history has a meter and a flow');
    const terminal = renderTerminal(run, { columns: 160, colour: false });
    await openReport(page, { run, events, logs: {} });
    const outages = [formatOutage(trial.network.forward), formatOutage(trial.network.reverse)];
    for (const outage of outages) {
      expect(terminal).toContain(outage);
      await expect(page.locator('[data-metric="networkOutageMs"]')).toContainText(outage);
    }
    const stall = formatStall(trial.tcp);
    expect(terminal).toContain(stall);
    await expect(page.locator('[data-metric="tcpStallMs"] .big')).toHaveText(stall);
    for (const [phase, stampMs] of Object.entries(trial.phases ?? {})) {
      const row = page.locator(`[data-phase="${phase}"]`).first();
      await expect(row).toHaveAttribute('data-value', String(stampMs));
      if (stampMs === null) continue;
      const shown = (await row.locator('.figure').innerText()).replace('+', '');
      expect(Number.parseFloat(shown)).toBeGreaterThanOrEqual(0);
      expect(terminal).toContain(shown);
    }
    expect(terminal).toContain(trial.explanation);
    await expect(page.locator('.explanation')).toHaveText(trial.explanation);
  });
}
