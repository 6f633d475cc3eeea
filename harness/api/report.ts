/** `report`: a judged run as text. */
import { renderJson } from '../../reports/json.js';
import { renderJunit } from '../../reports/junit.js';
import { renderMarkdown } from '../../reports/markdown.js';
import { throughputSvg } from '../../reports/picture/run-picture.js';
import { renderSweepHtml } from '../../reports/sweep/html.js';
import { sweepJson } from '../../reports/sweep/json.js';
import { sweepJunit } from '../../reports/sweep/junit.js';
import { sweepMarkdown } from '../../reports/sweep/markdown.js';
import { renderSweep } from '../../reports/sweep/terminal.js';
import { renderTerminal } from '../../reports/terminal/terminal.js';
import { renderTrace } from '../../reports/trace.js';
import { judgeSweep } from '../judge/sweep.js';
import type { Run } from './judge.js';
import { scenarioIn, sweepPlanIn } from './sweep-record.js';
import { htmlOf } from './write-reports.js';

export type ReportFormat = 'terminal' | 'json' | 'html' | 'junit' | 'markdown' | 'trace' | 'svg';

export interface ReportOptions {
  /** Width in characters, for `terminal`. Left out: 80. */
  columns?: number;
  /** With colours of the terminal, for `terminal`. Left out: without. */
  colour?: boolean;
}

/**
 * The report of a run in one format, from the same judged data as every other; of a sweep, what
 * failed and how long each loss is felt.
 */
export async function report(
  run: Run,
  format: ReportFormat = 'terminal',
  { columns = 80, colour = false }: ReportOptions = {},
): Promise<string> {
  const plan = sweepPlanIn(run);
  if (plan !== null) {
    const swept = judgeSweep(plan, run.judged);
    if (format === 'terminal') return renderSweep(swept, scenarioIn(run), { columns, colour });
    if (format === 'json') return sweepJson(swept);
    if (format === 'html') return renderSweepHtml(swept, scenarioIn(run));
    if (format === 'junit') return sweepJunit(swept, scenarioIn(run));
    if (format === 'markdown') return sweepMarkdown(swept, scenarioIn(run));
  }
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
