/**
 * A network as a picture of letters, each element by the sign of how long its loss is felt: wires
 * are lines of that sign, nodes are `[name sign]`. Pure.
 */
import { feltByElement, type SweepResult } from '../../harness/judge/sweep.js';
import { has } from '../../harness/model/node-traits.js';
import type { ResolvedScenario } from '../../harness/model/resolved.js';
import { escapeText } from '../escape.js';
import { drawingOf } from '../html/view/topology-layout.js';
import type { Style, Styles } from '../terminal/style.js';
import { withoutIdleHosts } from './concerned.js';
import { levelOrder, levelWords, type MapLevel } from './words.js';

/** Lines for one row of the drawing, and the most that a picture may take. */
const linesOfRow = 4;
const linesMax = 30;
const pixelsOfRow = 84;
/** The least width of a column. Where the columns do not fit, nodes are laid out in both directions. */
const columnWidth = 9;

interface Cell {
  sign: string;
  level: MapLevel | null;
}

/** Lines of the map and of its legend; none is wider than `columns`. */
export function sweepMap(
  result: SweepResult,
  whole: ResolvedScenario,
  columns: number,
  styles: Styles,
): string[] {
  const scenario = withoutIdleHosts(whole);
  const levels = mapLevels(result, scenario);
  const labelled = (name: string) => labelOf(name, levels.get(name) ?? null);
  const widths = scenario.topology.nodes.map(({ name }) => labelled(name).length + 1);
  const room = Math.floor(columns / Math.max(columnWidth, ...widths));
  const drawing = drawingOf(scenario, { columns: room });
  if (drawing === null) return [];
  const width = Math.max(20, Math.min(columns, 110));
  const drawn = Math.round((drawing.height / pixelsOfRow) * linesOfRow) + 1;
  // Labels of many nodes need lines of their own.
  const lines = Math.min(linesMax, Math.max(drawn, 2 * drawing.nodes.length - 6));
  const grid: Cell[][] = Array.from({ length: lines }, () =>
    Array.from({ length: width }, () => ({ sign: ' ', level: null })),
  );
  const labels = new Map(drawing.nodes.map(({ name }) => [name, labelled(name)]));
  const widest = Math.max(0, ...[...labels.values()].map((label) => label.length));
  const xs = drawing.nodes.map(({ x }) => x);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const column = (x: number) =>
    Math.round(widest / 2 + ((x - left) / Math.max(1, right - left)) * (width - widest - 1));
  const line = (y: number) => Math.min(lines - 1, Math.round((y / drawing.height) * (lines - 1)));
  const at = placed(
    drawing.nodes.map(({ name, x, y }) => ({
      name,
      width: labels.get(name)?.length ?? 0,
      wanted: [column(x), line(y)],
    })),
    { lines, width },
  );
  for (const { id, a, b } of drawing.edges) {
    const [from, to] = [at.get(a), at.get(b)];
    const level = levels.get(id) ?? 'untried';
    if (from && to) drawLine(grid, from, to, { sign: levelWords[level].sign, level });
  }
  for (const { name } of drawing.nodes) {
    const place = at.get(name);
    if (place) drawLabel(grid, place, labels.get(name) ?? name, levels.get(name) ?? null);
  }
  const rows = grid.map((cells) => styled(cells, styles));
  while (rows.at(-1)?.trim() === '') rows.pop();
  while (rows[0]?.trim() === '') rows.shift();
  return [...rows, '', ...legend(levels, styles)];
}

/** The level of every element by its name; hosts have none. */
export function mapLevels(result: SweepResult, scenario: ResolvedScenario): Map<string, MapLevel> {
  const felt = feltByElement(result);
  const { links, tunnels, nodes } = scenario.topology;
  const names = [
    ...nodes.filter((node) => !has(node, 'end-point')).map(({ name }) => name),
    ...[...links, ...tunnels].map(({ id }) => id),
  ];
  const levels = new Map<string, MapLevel>(
    names.map((name) => [name, felt.get(name) ?? 'untried']),
  );
  for (const [name, level] of felt) levels.set(name, level);
  return levels;
}

function labelOf(name: string, level: MapLevel | null): string {
  const shown = escapeText(name).slice(0, 14);
  return level === null ? shown : `[${shown} ${levelWords[level].sign}]`;
}

type Point = readonly [x: number, y: number];

/** The line of each label: the wanted one, or the nearest in which it covers no other label. */
function placed(
  labels: ReadonlyArray<{ name: string; width: number; wanted: Point }>,
  { lines, width: columns }: { lines: number; width: number },
): Map<string, Point> {
  const taken: Array<{ start: number; end: number; y: number }> = [];
  return new Map(
    labels.map(({ name, width, wanted: [x, wantedY] }) => {
      const start = startOf(x, width, columns);
      const isFree = (y: number) =>
        taken.every((one) => one.y !== y || one.start > start + width || one.end < start - 1);
      const near = Array.from({ length: lines }, (_, y) => y).sort(
        (one, other) => Math.abs(one - wantedY) - Math.abs(other - wantedY),
      );
      const y = near.find(isFree) ?? wantedY;
      taken.push({ start, end: start + width - 1, y });
      return [name, [x, y]];
    }),
  );
}

function startOf(x: number, width: number, columns: number): number {
  return Math.max(0, Math.min(columns - width, x - Math.floor(width / 2)));
}

function drawLabel(grid: Cell[][], [x, y]: Point, label: string, level: MapLevel | null): void {
  const row = grid[y];
  if (!row) return;
  const start = startOf(x, label.length, row.length);
  [...label].forEach((sign, index) => {
    row[start + index] = { sign, level };
  });
}

/** One sign in each column that it crosses, or in each line where it is steep. */
function drawLine(grid: Cell[][], [x0, y0]: Point, [x1, y1]: Point, cell: Cell): void {
  const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
  for (let step = 0; step <= steps; step += 1) {
    const x = Math.round(x0 + ((x1 - x0) * step) / steps);
    const y = Math.round(y0 + ((y1 - y0) * step) / steps);
    const row = grid[y];
    if (row && x >= 0 && x < row.length) row[x] = cell;
  }
}

function styled(cells: readonly Cell[], styles: Styles): string {
  const parts: Array<{ level: MapLevel | null; text: string }> = [];
  for (const { sign, level } of cells) {
    const last = parts.at(-1);
    if (last && last.level === level) last.text += sign;
    else parts.push({ level, text: sign });
  }
  return parts
    .map(({ level, text }) => (level === null ? text : styleOf(styles, level)(text)))
    .join('')
    .trimEnd();
}

/** From green to red by how long a loss is felt. */
export function styleOf(styles: Styles, level: MapLevel): Style {
  switch (level) {
    case 'none':
    case 'brief':
      return styles.green;
    case 'short':
      return styles.yellow;
    case 'long':
      return styles.magenta;
    case 'never':
      return styles.red;
    default:
      return styles.dim;
  }
}

function legend(levels: ReadonlyMap<string, MapLevel>, styles: Styles): string[] {
  const used = new Set(levels.values());
  return levelOrder
    .filter((level) => used.has(level))
    .map((level) => {
      const { sign, words } = levelWords[level];
      return `${styleOf(styles, level)(sign)} ${words}`;
    });
}
