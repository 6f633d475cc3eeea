/** Puts what a run left into the test's own report, under names that keep attempts apart. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestInfo } from '@playwright/test';
import { judge } from '../api/judge.js';
import { report } from '../api/report.js';
import { LabError } from '../errors.js';
import type { RunResult } from '../model/result.js';

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
  folder: string,
  result: RunResult,
): Promise<void> {
  const prefix = `attempt-${testInfo.retry + 1}-${result.scenario}`;
  for (const { file, contentType } of files) {
    const path = join(folder, file);
    if (existsSync(path)) await testInfo.attach(`${prefix}-${file}`, { path, contentType });
  }
  const chart = await chartOf(folder);
  if (chart !== null) {
    await testInfo.attach(`${prefix}-chart.txt`, { body: chart, contentType: 'text/plain' });
  }
  testInfo.annotations.push({ type: 'failover', description: inWords(testInfo.retry, result) });
}

function inWords(retry: number, { scenario, seed, verdict, summary }: RunResult): string {
  const { networkOutageMs, tcpStallMs } = summary;
  const ms = ({ n, median }: RunResult['summary']['networkOutageMs']) =>
    n === 0 ? 'not measured' : median === null ? 'did not end' : `${Math.round(median)} ms`;
  const numbers = `network outage ${ms(networkOutageMs)}, TCP stall ${ms(tcpStallMs)}`;
  return `attempt ${retry + 1}: ${scenario} (seed ${seed}) ${verdict}, ${numbers}`;
}

/** Null when nothing was recorded that could be judged. */
async function chartOf(folder: string): Promise<string | null> {
  try {
    return await report(await judge(folder), 'terminal', { columns: 100 });
  } catch (thrown) {
    if (thrown instanceof LabError) return null;
    throw thrown;
  }
}
