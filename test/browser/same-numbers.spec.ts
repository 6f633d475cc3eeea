/** The terminal and the page are made from one judged run: what one prints the other shows. */

import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { judge } from '../../harness/judge/judge.js';
import { medianTrial } from '../../harness/judge/median-trial.js';
import { readHistoryFile } from '../../harness/model/history/reader.js';
import { explanationText } from '../../reports/explanation.js';
import { baselineOf, judgeGate, renderGateTerminal } from '../../reports/gate/index.js';
import { gateRows } from '../../reports/gate/table.js';
import { formatOutage, formatStall } from '../../reports/headline.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { renderTerminal } from '../../reports/terminal/terminal.js';
import { recordedEvents } from '../fixtures/recorded-runs.js';
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
    expect(terminal).toContain(explanationText(trial.explanation));
    await expect(page.locator('.explanation')).toHaveText(explanationText(trial.explanation));
  });
}

test('a gate: terminal and page show the same cells and reasons', async ({ page }) => {
  const outagesMs = Array.from({ length: 10 }, (_, at) => 600 + 90 * at);
  const eventsOf = (shiftMs: number) =>
    recordedEvents({ scenario: 'made', outagesMs: outagesMs.map((ms) => ms + shiftMs) });
  const baseline = baselineOf(judge(eventsOf(0)).result, 10_000);
  const events = eventsOf(500);
  const run = judge(events);
  const gate = judgeGate(baseline, run.result, { scenario: null });
  const terminal = renderGateTerminal(gate, { columns: 200, colour: false });
  await openReport(page, { run, events, logs: {}, baseline: gate });
  await expect(page.locator('#gate [data-gate]')).toHaveAttribute('data-gate', 'regression');
  await expect(page.locator('#gate [data-gate]')).toContainText(
    sentencesOf(gate.reasons).join('; '),
  );
  const rows = gateRows(gate);
  expect(rows).toHaveLength(2);
  for (const [place, cells] of rows.entries()) {
    const shown = page.locator('#gate tbody tr').nth(place).locator('td');
    for (const [column, cell] of Object.values(cells).entries()) {
      await expect(shown.nth(column)).toContainText(cell);
      expect(terminal).toContain(cell);
    }
  }
});
