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
/** More nodes than columns of such a width have room for are laid out in both directions. */
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
  const drawing = drawingOf(scenario, { columns: Math.floor(columns / columnWidth) });
  if (drawing === null) return [];
  const levels = mapLevels(result, scenario);
  const width = Math.max(20, Math.min(columns, 110));
  const drawn = Math.round((drawing.height / pixelsOfRow) * linesOfRow) + 1;
  // Labels of many nodes need lines of their own.
  const lines = Math.min(linesMax, Math.max(drawn, 2 * drawing.nodes.length - 6));
  const grid: Cell[][] = Array.from({ length: lines }, () =>
    Array.from({ length: width }, () => ({ sign: ' ', level: null })),
  );
  const labels = new Map(
    drawing.nodes.map(({ name }) => [name, labelOf(name, levels.get(name) ?? null)]),
  );
  const widest = Math.max(0, ...[...labels.values()].map((label) => label.length));
  const xs = drawing.nodes.map(({ x }) => x);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const column = (x: number) =>
    Math.round(widest / 2 + ((x - left) / Math.max(1, right - left)) * (width - widest - 1));
  const line = (y: number) => Math.min(lines - 1, Math.round((y / drawing.height) * (lines - 1)));
  const at = new Map(drawing.nodes.map(({ name, x, y }) => [name, [column(x), line(y)] as const]));
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

function drawLabel(
  grid: Cell[][],
  [x, y]: readonly [number, number],
  label: string,
  level: MapLevel | null,
): void {
  const row = grid[y];
  if (!row) return;
  const start = Math.max(0, Math.min(row.length - label.length, x - Math.floor(label.length / 2)));
  [...label].forEach((sign, index) => {
    row[start + index] = { sign, level };
  });
}

/** One sign in each column that it crosses, or in each line where it is steep. */
function drawLine(
  grid: Cell[][],
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  cell: Cell,
): void {
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
