/** The difference of two runs as Markdown, for a comment on a change. */
import type { RunDiff } from '../../harness/judge/diff.js';
import { escapeMarkdown } from '../escape.js';
import { headRows, noteOf, numberRows, phaseRows, type Row, valueRows } from './rows.js';

export function renderDiffMarkdown(diff: RunDiff): string {
  const [a, b] = diff.sides;
  const parts = [
    `### ${escapeMarkdown(a.scenario)}: A ${escapeMarkdown(a.wallTime)}, B ${escapeMarkdown(b.wallTime)}`,
    table('', headRows(diff)),
    table('Number', numberRows(diff)),
    table('Phase after the fault', phaseRows(diff)),
    changed('Environment', valueRows(diff.environment)),
    changed('Scenario', valueRows(diff.scenario)),
    noteOf(diff),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function table(title: string, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(row.map((cell) => escapeMarkdown(cell))));
  return [line([title, 'A', 'B', 'Change']), '|---|---|---|---|', ...body].join('\n');
}

function changed(title: string, rows: readonly Row[]): string {
  return rows.length === 0 ? `${title}: the same in both runs.` : table(title, rows);
}
