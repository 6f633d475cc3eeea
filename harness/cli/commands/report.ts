/** `failover-lab report [run]`: judge a recorded run again and draw it. No network is needed. */
import { join } from 'node:path';
import { renderJson } from '../../../reports/json.js';
import { renderJunit } from '../../../reports/junit.js';
import { renderMarkdown } from '../../../reports/markdown.js';
import { throughputPng, throughputSvg } from '../../../reports/picture/run-picture.js';
import { renderTerminal } from '../../../reports/terminal/terminal.js';
import { renderTrace } from '../../../reports/trace.js';
import { writeReport } from '../ci-output.js';
import type { CommandContext } from '../context.js';
import { htmlOf, newestRun, readRun, writeReports } from '../record.js';
import { defaultOut } from '../root.js';
import { exitCodeOf } from '../run-scenario.js';

type Format = 'terminal' | 'json' | 'html' | 'junit' | 'markdown' | 'trace';

export interface ReportFlags {
  format: Format;
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
  const run = await readRun(path ?? newestRun(defaultOut()));
  context.exit(exitCodeOf(run));
  if (flags.svg !== undefined || flags.png !== undefined) {
    if (flags.svg !== undefined) writeReport(flags.svg, '--svg', throughputSvg(run.judged));
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
  context.screen.out(await render(run, flags.json ? 'json' : flags.format, context));
}

async function render(
  run: Awaited<ReturnType<typeof readRun>>,
  format: Format,
  context: CommandContext,
): Promise<string> {
  const { columns, colour } = context.screen;
  switch (format) {
    case 'terminal':
      return renderTerminal(run.judged, { columns, colour });
    case 'json':
      return renderJson(run.judged);
    case 'html':
      return htmlOf(run);
    case 'junit':
      return renderJunit([run.judged]);
    case 'markdown':
      return renderMarkdown([run.judged]);
    case 'trace':
      return renderTrace(run.judged);
  }
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
