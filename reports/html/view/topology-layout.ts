/**
 * Where each node of a topology is drawn: in columns by how far along the way from the first
 * meter's sender to its receiver it lies, and by forces where that would be too many columns or
 * rows. The same topology always gives the same drawing.
 */

import { has } from '../../../harness/model/node-traits.js';
import { speaksOpenFlow } from '../../../harness/model/open-flow.js';
import type { ResolvedScenario, ResolvedTopology } from '../../../harness/model/resolved.js';
import type { Drawing, DrawnEdge, DrawnNode } from '../data.js';
import { forcePlaces, type Placed } from './force-layout.js';

const columnWidth = 150;
const rowHeight = 84;
/** Nodes beside hosts that columns show well. */
const columnsMost = 12;
const margin = { side: 70, top: 44, bottom: 54 };

interface Edge {
  id: string;
  kind: 'link' | 'tunnel';
  a: string;
  b: string;
}

/** Links and tunnels; a cable that only carries a tunnel is left out in favour of the tunnel. */
function edgesOf(topology: ResolvedTopology): Edge[] {
  const underlays = new Set(topology.tunnels.map((tunnel) => tunnel.underlay));
  const links = topology.links.filter((link) => !underlays.has(link.id));
  const edge =
    (kind: Edge['kind']) =>
    (each: ResolvedTopology['links'][number] | ResolvedTopology['tunnels'][number]) => ({
      id: each.id,
      kind,
      a: each.a.node,
      b: each.b.node,
    });
  return [...links.map(edge('link')), ...topology.tunnels.map(edge('tunnel'))];
}

function hopsFrom(start: string, edges: Edge[]): Map<string, number> {
  const beside = new Map<string, string[]>();
  for (const { a, b } of edges) {
    beside.set(a, [...(beside.get(a) ?? []), b]);
    beside.set(b, [...(beside.get(b) ?? []), a]);
  }
  const hops = new Map([[start, 0]]);
  for (const [node, distance] of hops) {
    for (const next of beside.get(node) ?? []) {
      if (!hops.has(next)) hops.set(next, distance + 1);
    }
  }
  return hops;
}

/** The two hosts whose conversation the drawing is laid along. */
function endsOf(scenario: ResolvedScenario): [string, string] | null {
  const pair = scenario.meters[0] ?? scenario.flows[0];
  if (pair) return [pair.from, pair.to];
  const names = scenario.topology.nodes.map((node) => node.name);
  const [first] = names;
  const last = names.at(-1);
  return first !== undefined && last !== undefined ? [first, last] : null;
}

/** How far along the way each node lies, from 0 to 1; 0.5 for those that are not on any way. */
function sharesOf(scenario: ResolvedScenario, edges: Edge[]): Map<string, number> {
  const ends = endsOf(scenario);
  if (!ends) return new Map();
  const left = hopsFrom(ends[0], edges);
  const right = hopsFrom(ends[1], edges);
  return new Map(
    scenario.topology.nodes.map(({ name }): [string, number] => {
      const before = left.get(name);
      const after = right.get(name);
      const known = before !== undefined && after !== undefined && before + after > 0;
      return [name, known ? before / (before + after) : 0.5];
    }),
  );
}

/** Names grouped into columns from left to right. */
function columnsOf(shares: ReadonlyMap<string, number>): string[][] {
  const columns = new Map<number, string[]>();
  for (const [name, exact] of shares) {
    const share = Math.round(exact * 1000);
    columns.set(share, [...(columns.get(share) ?? []), name]);
  }
  return [...columns].sort(([a], [b]) => a - b).map(([, names]) => names);
}

/** Order within a column: by the mean place of the neighbours in the column before, then name. */
function ordered(columns: string[][], edges: Edge[]): string[][] {
  const place = new Map<string, number>();
  return columns.map((names) => {
    const weight = (name: string) => {
      const places = edges.flatMap((edge) => {
        const other = edge.a === name ? edge.b : edge.b === name ? edge.a : null;
        const at = other === null ? undefined : place.get(other);
        return at === undefined ? [] : [at];
      });
      return places.length === 0 ? 0 : places.reduce((sum, at) => sum + at, 0) / places.length;
    };
    const sorted = [...names].sort(
      (a, b) => weight(a) - weight(b) || a.localeCompare(b, 'en', { numeric: true }),
    );
    sorted.forEach((name, index) => {
      place.set(name, (index + 0.5) / sorted.length);
    });
    return sorted;
  });
}

/** How near to another node an edge would run to be bent away from it, and how far. */
interface Bends {
  near: number;
  away: number;
}

/** Bend an edge that would run through another node, or lie upon a parallel edge. */
function bentEdges(
  edges: Edge[],
  at: ReadonlyMap<string, Placed>,
  { near, away }: Bends,
): DrawnEdge[] {
  const pairs = new Map<string, number>();
  const nodes = [...at.values()];
  return edges.map((edge) => {
    const pair = [edge.a, edge.b].sort().join(' ');
    const parallel = pairs.get(pair) ?? 0;
    pairs.set(pair, parallel + 1);
    const a = at.get(edge.a);
    const b = at.get(edge.b);
    const through =
      a !== undefined && b !== undefined && nodes.some((node) => liesOn(node, a, b, near));
    return { ...edge, bend: (through ? away : 0) + parallel * 26 };
  });
}

function liesOn(node: Placed, a: Placed, b: Placed, near: number): boolean {
  if (node === a || node === b) return false;
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (length === 0) return false;
  const along = ((node.x - a.x) * (b.x - a.x) + (node.y - a.y) * (b.y - a.y)) / length;
  const off = Math.abs((node.x - a.x) * (b.y - a.y) - (node.y - a.y) * (b.x - a.x)) / length;
  return along > 0 && along < length && off < near;
}

/** The drawing of a scenario's topology; null when it has no nodes. */
export function drawingOf(
  scenario: ResolvedScenario,
  { columns: most = columnsMost } = {},
): Drawing | null {
  const { topology } = scenario;
  const edges = edgesOf(topology);
  const shares = sharesOf(scenario, edges);
  if (shares.size === 0) return null;
  const control = speaksOpenFlow(scenario.controller) ? rowHeight : 0;
  const inner = topology.nodes.filter((node) => !has(node, 'end-point'));
  const inColumns = laidInColumns(ordered(columnsOf(shares), edges));
  const laid =
    inner.length > most || isTangled(inColumns, edges) ? laidByForce(shares, edges) : inColumns;
  const known = new Map(topology.nodes.map((node) => [node.name, node.kind]));
  const nodes = laid.places.flatMap(({ name, x, y }): DrawnNode[] => {
    const kind = known.get(name);
    const [left, top] = [margin.side + x, margin.top + control + y];
    return kind === undefined ? [] : [{ name, kind, x: left, y: top }];
  });
  const drawnEdges = bentEdges(edges, new Map(nodes.map((node) => [node.name, node])), laid.bends);
  const width = margin.side * 2 + laid.width;
  if (control > 0) {
    nodes.push({ name: 'controller', kind: 'controller', x: width / 2, y: margin.top - 8 });
  }
  const height = margin.top + margin.bottom + control + laid.height;
  return { width, height, nodes, edges: drawnEdges };
}

/** A network in a row, of whose edges every third would run through other nodes. */
function isTangled({ places, bends }: Laid, edges: Edge[]): boolean {
  const columns = new Set(places.map(({ x }) => x)).size;
  if (2 * columns <= places.length) return false;
  const at = new Map(places.map((place) => [place.name, place]));
  const bent = bentEdges(edges, at, bends).filter(({ bend }) => bend >= bends.away);
  return 3 * bent.length > edges.length;
}

/** Places from zero, and the room that they take. */
interface Laid {
  places: Placed[];
  width: number;
  height: number;
  bends: Bends;
}

function laidInColumns(columns: string[][]): Laid {
  const tallest = Math.max(...columns.map((names) => names.length));
  const span = Math.max(tallest, 2) * rowHeight;
  const places = columns.flatMap((names, column) =>
    names.map((name, row) => ({
      name,
      x: column * columnWidth,
      y: ((row + 0.5) / names.length) * span - rowHeight / 2,
    })),
  );
  const width = columnWidth * Math.max(columns.length - 1, 1);
  return { places, width, height: span - rowHeight, bends: { near: 24, away: 46 } };
}

function laidByForce(shares: ReadonlyMap<string, number>, edges: Edge[]): Laid {
  const placed = forcePlaces(shares, edges);
  const [xs, ys] = [placed.map(({ x }) => x), placed.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return {
    places: placed.map(({ name, x, y }) => ({
      name,
      x: Math.round(x - left),
      y: Math.round(y - top),
    })),
    width: Math.round(Math.max(...xs) - left),
    height: Math.round(Math.max(...ys) - top),
    // Lines are short and cross each other anyway; curves would only hide where they lead.
    bends: { near: 9, away: 22 },
  };
}
