/** `report`: a judged run as text. */
import { renderJson } from '../../reports/json.js';
import { renderJunit } from '../../reports/junit.js';
import { renderMarkdown } from '../../reports/markdown.js';
import { throughputSvg } from '../../reports/picture/run-picture.js';
import { renderTerminal } from '../../reports/terminal/terminal.js';
import { renderTrace } from '../../reports/trace.js';
import type { Run } from './judge.js';
import { htmlOf } from './write-reports.js';

export type ReportFormat = 'terminal' | 'json' | 'html' | 'junit' | 'markdown' | 'trace' | 'svg';

export interface ReportOptions {
  /** Width in characters, for `terminal`. Left out: 80. */
  columns?: number;
  /** With colours of the terminal, for `terminal`. Left out: without. */
  colour?: boolean;
}

/** The report of a run in one format, from the same judged data as every other. */
export async function report(
  run: Run,
  format: ReportFormat = 'terminal',
  { columns = 80, colour = false }: ReportOptions = {},
): Promise<string> {
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
    case 'svg':
      return throughputSvg(run.judged);
  }
}
