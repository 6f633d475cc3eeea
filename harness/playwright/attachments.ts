/** Puts what a run left into the test's own report, under names that keep attempts apart. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestInfo } from '@playwright/test';
import type { RunResult } from '../model/result.js';
import { type LabCommand, runToEnd } from './command.js';

const files = [
  { file: 'report.html', contentType: 'text/html' },
  { file: 'result.json', contentType: 'application/json' },
];

/**
 * Attaches chart, report and result of the run in `folder`, and notes its numbers on the test. The
 * attempt is part of every name, so that a retry adds to the record and replaces nothing.
 */
export async function attachRun(
  testInfo: TestInfo,
  command: LabCommand,
  folder: string,
  result: RunResult,
): Promise<void> {
  const prefix = `attempt-${testInfo.retry + 1}-${result.scenario}`;
  for (const { file, contentType } of files) {
    const path = join(folder, file);
    if (existsSync(path)) await testInfo.attach(`${prefix}-${file}`, { path, contentType });
  }
  const chart = await runToEnd(command, ['report', folder], 60_000);
  if (chart.stdout !== '') {
    const body = Buffer.from(chart.stdout);
    await testInfo.attach(`${prefix}-chart.txt`, { body, contentType: 'text/plain' });
  }
  testInfo.annotations.push({ type: 'failover', description: inWords(testInfo.retry, result) });
}

function inWords(retry: number, { scenario, seed, verdict, summary }: RunResult): string {
  const { networkOutageMs, tcpStallMs } = summary;
  const ms = ({ n, median }: RunResult['summary']['networkOutageMs']) =>
    n === 0 ? 'not measured' : median === null ? 'never ended' : `${Math.round(median)} ms`;
  const numbers = `network outage ${ms(networkOutageMs)}, TCP stall ${ms(tcpStallMs)}`;
  return `attempt ${retry + 1}: ${scenario} (seed ${seed}) ${verdict}, ${numbers}`;
}
