/** The difference of two runs on a terminal. */
import type { RunDiff } from '../../harness/judge/diff.js';
import { renderOverlay } from '../compare/overlay.js';
import { escapeText } from '../escape.js';
import { type Layout, layoutOf, type TerminalOptions } from '../terminal/layout.js';
import { section } from '../terminal/section.js';
import { renderTable } from '../terminal/table.js';
import { clip, wrapText } from '../terminal/wrap.js';
import { headRows, noteOf, numberRows, phaseRows, type Row, valueRows } from './rows.js';

/** No line is wider than `columns`; ends with a line break. */
export function renderDiffTerminal(diff: RunDiff, options: TerminalOptions): string {
  const layout = layoutOf(options);
  const part = (title: string, rows: Row[], none: string) =>
    section(title, rows.length === 0 ? [none] : tableOf(rows, layout), layout);
  const lines = [
    ...tableOf(headRows(diff), layout),
    ...part('Numbers', numberRows(diff), 'no number was measured in either run'),
    ...part('Phases after the fault', phaseRows(diff), 'no phase was observed in either run'),
    ...section('Throughput', chartOf(diff, { ...layout, colour: options.colour }), layout),
    ...part('Environment', valueRows(diff.environment), 'the same in both runs'),
    ...part('Scenario', valueRows(diff.scenario), 'the same in both runs'),
    '',
    ...wrapText(noteOf(diff), layout.columns),
  ];
  return `${lines.map((line) => clip(line, layout.columns).trimEnd()).join('\n')}\n`;
}

function tableOf(rows: readonly Row[], { columns, styles }: Layout): string[] {
  const head = [
    { title: '', align: 'left' as const, shrinks: true },
    { title: 'A', align: 'left' as const },
    { title: 'B', align: 'left' as const },
    { title: '', align: 'left' as const },
  ];
  const cells = rows.map((row) => row.map((cell) => escapeText(cell)));
  const widest = (at: number) => Math.max(...cells.map((row) => [...(row[at] ?? '')].length));
  // Side by side where there is room for it, else a value a line.
  if (widest(0) + widest(1) + widest(2) + widest(3) + 6 <= columns) {
    return renderTable(head, cells, { columns, headStyle: styles.bold });
  }
  return cells.flatMap(([what = '', a = '', b = '', change = '']) => [
    styles.bold(clip(what, columns)),
    ...wrapText(`A ${a}`, columns - 2).map((line) => `  ${line}`),
    ...wrapText(`B ${b}${change === '' ? '' : `  ${change}`}`, columns - 2).map(
      (line) => `  ${line}`,
    ),
  ]);
}

function chartOf(diff: RunDiff, layout: Layout & { colour: boolean }): string[] {
  return renderOverlay(
    { sides: diff.sides.map(({ series }, index) => ({ label: 'AB'[index] ?? '', series })) },
    layout,
  );
}
