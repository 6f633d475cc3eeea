/** `failover-lab report [run]`: judge a recorded run again and draw it. No network is needed. */
import { join } from 'node:path';
import { throughputPng } from '../../../reports/picture/run-picture.js';
import { judge } from '../../api/judge.js';
import { defaultOut } from '../../api/places.js';
import { type ReportFormat, report as render } from '../../api/report.js';
import { sweepPlanIn } from '../../api/sweep-record.js';
import { writeReports } from '../../api/write-reports.js';
import { newestRun } from '../../campaign/store/read-run.js';
import { exitCodeOfRun, exitCodeOfVerdict } from '../../judge/combine.js';
import { judgeSweep } from '../../judge/sweep.js';
import { writeReport } from '../ci-output.js';
import type { CommandContext } from '../context.js';

export interface ReportFlags {
  format: Exclude<ReportFormat, 'svg'>;
  json?: boolean;
  open?: boolean;
  png?: string;
  svg?: string;
}

/** Judge the run again, print or write what was asked for, and end with its exit code. */
export async function report(
  path: string | undefined,
  flags: ReportFlags,
  context: CommandContext,
): Promise<void> {
  const run = await judge(path ?? newestRun(defaultOut()));
  const plan = sweepPlanIn(run);
  const swept = plan && judgeSweep(plan, run.judged);
  context.exit(
    swept ? exitCodeOfVerdict(swept.verdict, swept.interrupted) : exitCodeOfRun(run.result),
  );
  if (flags.svg !== undefined || flags.png !== undefined) {
    if (flags.svg !== undefined) writeReport(flags.svg, '--svg', await render(run, 'svg'));
    if (flags.png !== undefined) writeReport(flags.png, '--png', await throughputPng(run.judged));
    for (const file of [flags.svg, flags.png])
      if (file !== undefined) context.screen.err(`${file}\n`);
    return;
  }
  if (flags.open) {
    await writeReports(run);
    await openInBrowser(join(run.folder, 'report.html'));
    context.screen.err(`${context.relative(join(run.folder, 'report.html'))}\n`);
    return;
  }
  context.screen.out(await render(run, flags.json ? 'json' : flags.format, context.screen));
}

async function openInBrowser(file: string): Promise<void> {
  const { execa } = await import('execa');
  await execa('xdg-open', [file], {
    reject: false,
    detached: true,
    cleanup: false,
    stdio: 'ignore',
  });
}
