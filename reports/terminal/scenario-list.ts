/** The scenarios with the question each answers, for `failover-lab list`. Pure. */
import { escapeText } from '../escape.js';
import type { Layout } from './layout.js';
import { indented } from './section.js';
import { labelled, wrapText } from './wrap.js';

export interface ListedScenario {
  name: string;
  /** The file it is in, or the package that brings it. */
  from: string;
  question: string;
  nodes: number;
  /** Kinds, in the order they are injected. */
  faults: readonly string[];
  /** The sentences of what is expected. */
  expected: readonly string[];
}

const labelWidth = 10;

/** One paragraph a scenario; no line is wider than the screen. */
export function renderScenarioList(rows: readonly ListedScenario[], layout: Layout): string {
  const columns = layout.columns - 2;
  const line = (label: string, text: string) =>
    labelled(label, escapeText(text), { labelWidth, columns });
  const paragraphs = rows.map((row) =>
    [
      layout.styles.bold(escapeText(row.name)),
      ...indented([
        ...wrapText(escapeText(row.question), columns),
        ...line('fault', `${faultsText(row.faults)}, in a network of ${row.nodes} nodes`),
        ...line('expected', row.expected.join('; ') || 'recovery only'),
        ...line('from', row.from),
      ]),
    ].join('\n'),
  );
  return `${paragraphs.join('\n\n')}\n`;
}

/** `power-off`, `2 × power-off`, `none`. */
function faultsText(faults: readonly string[]): string {
  const kinds = [...new Set(faults)].map((kind) => {
    const times = faults.filter((fault) => fault === kind).length;
    return times === 1 ? kind : `${times} × ${kind}`;
  });
  return kinds.join(', ') || 'none';
}
