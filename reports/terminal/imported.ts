/** What `failover-lab import` took from a file, what it added, and what it left. Pure. */
import { nodeNouns } from '../../harness/kinds/generated/node-names.js';
import type { ImportNote } from '../../harness/model/import-note.js';
import type { NodeKind } from '../../harness/model/node-traits.js';
import { formatDuration } from '../../harness/model/units.js';
import { escapeText } from '../escape.js';
import { formatCounted } from '../format.js';
import { importNoteTexts, listed } from '../import-notes.js';
import type { Layout } from './layout.js';
import { indented } from './section.js';
import { labelled } from './wrap.js';

export interface ImportSummary {
  /** Paths as people read them. */
  from: string;
  written: string;
  format: string;
  nodes: ReadonlyArray<{ name: string; kind: NodeKind; label?: string }>;
  links: number;
  /** Of the links that have a delay, the smallest and the largest. */
  delaysMs: readonly [number, number] | null;
  /** The delays are those of the links' lengths, not the file's. */
  byLength: boolean;
  /** What the nodes decide their ways by; left out: the file says it node by node. */
  decides?: string;
  hosts: readonly [string, string];
  /** Nodes at which the hosts were added; null where the file has hosts. */
  addedAt: readonly [string, string] | null;
  question: string;
  /** What may fail on the way between them so that another one is left. */
  spare: 'node' | 'link' | null;
  notes: readonly ImportNote[];
  /** What a user has to know before it runs here. */
  advice: readonly string[];
  next: readonly string[];
}

const labelWidth = 11;

/** No line is wider than the screen. */
export function renderImported(summary: ImportSummary, layout: Layout): string {
  const { columns, styles } = layout;
  const line = (label: string, text: string) =>
    labelled(label, escapeText(text), { labelWidth, columns: columns - 2 });
  const list = (label: string, texts: readonly string[]) =>
    texts.flatMap((text, index) => line(index === 0 ? label : '', text));
  const { from, written, format, nodes, hosts, addedAt } = summary;
  const head = `${from}: ${format}, ${formatCounted(nodes.length, 'node')}, ${formatCounted(summary.links, 'link')}`;
  const renamed = nodes.filter(({ label }) => label !== undefined);
  const facts = [
    ...line('Nodes', kindTexts(nodes)),
    ...(renamed.length === 0 ? [] : line('Renamed', renamedText(renamed))),
    ...(summary.decides === undefined ? [] : line('Ways', `by ${summary.decides}`)),
    ...(summary.delaysMs === null
      ? []
      : line('Delays', delayText(summary.delaysMs, summary.byLength))),
    ...(addedAt === null
      ? []
      : line('Added', `hosts ${hosts[0]} at ${addedAt[0]} and ${hosts[1]} at ${addedAt[1]}`)),
    ...line('Question', summary.question),
    ...list('Not taken', importNoteTexts(summary.notes)),
    ...list('Mind', summary.advice),
  ];
  return [
    styles.bold(escapeText(head)),
    ...indented(facts),
    '',
    `written  ${escapeText(written)}`,
    '',
    'Next:',
    ...summary.next.map((one) => `  ${escapeText(one)}`),
    '',
  ].join('\n');
}

function kindTexts(nodes: ImportSummary['nodes']): string {
  const kinds = [...new Set(nodes.map(({ kind }) => kind))];
  return kinds
    .map((kind) => {
      const [one, many] = nodeNouns[kind];
      const names = nodes.filter((node) => node.kind === kind).map(({ name }) => name);
      return `${names.length} ${names.length === 1 ? one : many} (${listed(names, 12)})`;
    })
    .join('; ');
}

function renamedText(nodes: ImportSummary['nodes']): string {
  return listed(
    nodes.map(({ name, label = '' }) => `'${label}' is ${name}`),
    12,
  );
}

function delayText([least, most]: readonly [number, number], byLength: boolean): string {
  const range =
    least === most ? formatDuration(least) : `${formatDuration(least)} to ${formatDuration(most)}`;
  return `${range} one way${byLength ? ', the great circle at 200,000 km/s' : ''}`;
}
