/** Every outage of a watched network, with the marks between them. */
import type { TrialResult } from '../../harness/model/result.js';
import { escapeText } from '../escape.js';
import { outageRows } from '../listed-outages.js';
import type { Layout } from './layout.js';
import { renderTable } from './table.js';

export function renderOutages(trial: TrialResult, layout: Layout): string[] {
  const rows = outageRows(trial);
  if (rows.length === 0) return [];
  return renderTable(
    [
      { title: 'at', align: 'right' },
      { title: 'direction', align: 'left' },
      { title: 'outage', align: 'right' },
      { title: 'lost', align: 'right' },
      { title: 'mark', align: 'left', shrinks: true },
    ],
    rows.map(({ at, way, length, lost, mark }) => [
      ...[at, escapeText(way), length, lost, escapeText(mark)],
    ]),
    { columns: layout.columns, indent: 2, headStyle: layout.styles.dim },
  );
}
