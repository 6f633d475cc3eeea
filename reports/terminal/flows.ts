/** Every iperf3 flow over the whole trial, where there is more than one TCP flow. */
import type { TrialResult } from '../../harness/model/result.js';
import { escapeText } from '../escape.js';
import { flowCells, flowsWorthATable, streamTexts } from '../flow-cells.js';
import type { Layout } from './layout.js';
import { indented } from './section.js';
import { renderTable } from './table.js';
import { wrapText } from './wrap.js';

export function renderFlows(trial: TrialResult, layout: Layout): string[] {
  const worthy = flowsWorthATable(trial);
  const flows = worthy.map(flowCells);
  if (flows.length === 0) return [];
  const withJitter = flows.some((flow) => flow.jitter !== '');
  const rows = flows.map(({ flow, way, ran, received, lost, jitter }) => [
    escapeText(flow),
    escapeText(way),
    ran,
    received,
    lost,
    ...(withJitter ? [jitter] : []),
  ]);
  const complaints = flows
    .filter(({ error }) => error !== '')
    .map(({ flow, error }) => `${escapeText(flow)}: ${escapeText(error)}`);
  return [
    ...renderTable(
      [
        { title: 'flow', align: 'left', shrinks: true },
        { title: 'direction', align: 'left' },
        { title: 'ran', align: 'right' },
        { title: 'received', align: 'right' },
        { title: 'lost', align: 'right' },
        ...(withJitter ? [{ title: 'jitter', align: 'right' as const }] : []),
      ],
      rows,
      { columns: layout.columns, indent: 2, headStyle: layout.styles.dim },
    ),
    ...worthy.flatMap((flow) =>
      streamTexts(flow).flatMap((text) =>
        indented(wrapText(`${escapeText(flow.flow)} ${text}`, layout.columns - 2)),
      ),
    ),
    ...complaints.flatMap((text) => indented(wrapText(text, layout.columns - 2))),
  ];
}
