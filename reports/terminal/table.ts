/** Plain aligned columns, two spaces apart, no frames. */
import { clip, padEnd, padStart, visibleLength } from './wrap.js';

export interface TableColumn {
  title: string;
  align: 'left' | 'right';
  /** It gives way when the table is wider than the screen; of several, the widest does. */
  shrinks?: boolean;
}

const gap = '  ';
/** The least width of a column that gives way, in characters. */
const narrowest = 6;

/** Lines of the table, none wider than `columns`; the head is styled by `headStyle`. */
export function renderTable(
  head: TableColumn[],
  rows: string[][],
  options: { columns: number; indent?: number; headStyle?: (text: string) => string },
): string[] {
  const indent = ' '.repeat(options.indent ?? 0);
  const widths = fitWidths(head, rows, options.columns - indent.length);
  const line = (cells: string[]): string =>
    (
      indent +
      head
        .map((column, index) => {
          const width = widths[index] ?? 0;
          const cell = clip(cells[index] ?? '', width);
          return column.align === 'right' ? padStart(cell, width) : padEnd(cell, width);
        })
        .join(gap)
    ).trimEnd();
  const titles = line(head.map((column) => column.title));
  const hasTitles = head.some((column) => column.title !== '');
  const body = rows.map((cells) => clip(line(cells), options.columns));
  if (!hasTitles) return body;
  const headStyle = options.headStyle ?? ((text: string) => text);
  return [headStyle(clip(titles, options.columns)), ...body];
}

function fitWidths(head: TableColumn[], rows: string[][], columns: number): number[] {
  const widths = head.map((column, index) =>
    Math.max(column.title.length, ...rows.map((cells) => visibleLength(cells[index] ?? ''))),
  );
  const total = widths.reduce((sum, width) => sum + width, 0) + gap.length * (head.length - 1);
  for (let over = total - columns; over > 0; over -= 1) {
    const shrinking = head.flatMap(({ shrinks }, index) => (shrinks ? [index] : []));
    const [widest] = shrinking.sort((one, other) => (widths[other] ?? 0) - (widths[one] ?? 0));
    if (widest === undefined || (widths[widest] ?? 0) <= narrowest) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
