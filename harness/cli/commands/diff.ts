/** `failover-lab diff A B`: what changed from one recorded run to another. */
import { renderDiffHtml } from '../../../reports/diff/html.js';
import { renderDiffMarkdown } from '../../../reports/diff/markdown.js';
import { renderDiffTerminal } from '../../../reports/diff/terminal.js';
import { diff as diffRecords } from '../../api/diff.js';
import type { RunDiff } from '../../judge/diff.js';
import { writeReport } from '../ci-output.js';
import type { CommandContext } from '../context.js';

export interface DiffFlags {
  format: 'terminal' | 'html' | 'markdown' | 'json';
  out?: string;
}

/** Print or write the difference; it gives no verdict, so it ends with 0. */
export async function diff(
  a: string,
  b: string,
  { format, out }: DiffFlags,
  context: CommandContext,
): Promise<void> {
  const text = await render(await diffRecords(a, b), format, context);
  if (out === undefined) context.screen.out(text);
  else {
    writeReport(out, '--out', text);
    context.screen.err(`${out}\n`);
  }
}

async function render(
  found: RunDiff,
  format: DiffFlags['format'],
  { screen: { columns, colour } }: CommandContext,
): Promise<string> {
  switch (format) {
    case 'terminal':
      return renderDiffTerminal(found, { columns, colour });
    case 'html':
      return renderDiffHtml(found);
    case 'markdown':
      return renderDiffMarkdown(found);
    case 'json':
      return `${JSON.stringify(found, null, 2)}\n`;
  }
}
