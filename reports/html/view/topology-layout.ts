/**
 * Where each node of a topology is drawn: in columns by how far along the way from the first
 * meter's sender to its receiver it lies. The same topology always gives the same drawing.
 */
import { speaksOpenFlow } from '../../../harness/model/open-flow.js';
import type { ResolvedScenario, ResolvedTopology } from '../../../harness/model/resolved.js';
import type { Drawing, DrawnEdge, DrawnNode } from '../data.js';

const columnWidth = 150;
const rowHeight = 84;
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
  const hops = new Map([[start, 0]]);
  const queue = [start];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    for (const edge of edges) {
      const next = edge.a === node ? edge.b : edge.b === node ? edge.a : null;
      if (next === null || hops.has(next)) continue;
      hops.set(next, (hops.get(node) ?? 0) + 1);
      queue.push(next);
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

/** Names grouped into columns from left to right. */
function columnsOf(scenario: ResolvedScenario, edges: Edge[]): string[][] {
  const ends = endsOf(scenario);
  if (!ends) return [];
  const left = hopsFrom(ends[0], edges);
  const right = hopsFrom(ends[1], edges);
  const columns = new Map<number, string[]>();
  for (const { name } of scenario.topology.nodes) {
    const before = left.get(name);
    const after = right.get(name);
    const known = before !== undefined && after !== undefined && before + after > 0;
    const share = known ? Math.round((before / (before + after)) * 1000) : 500;
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

/** Bend an edge that would run through another node, or lie upon a parallel edge. */
function bentEdges(edges: Edge[], at: Map<string, DrawnNode>): DrawnEdge[] {
  const pairs = new Map<string, number>();
  return edges.map((edge) => {
    const pair = [edge.a, edge.b].sort().join(' ');
    const parallel = pairs.get(pair) ?? 0;
    pairs.set(pair, parallel + 1);
    const a = at.get(edge.a);
    const b = at.get(edge.b);
    const through =
      a !== undefined && b !== undefined && [...at.values()].some((node) => liesOn(node, a, b));
    return { ...edge, bend: (through ? 46 : 0) + parallel * 26 };
  });
}

function liesOn(node: DrawnNode, a: DrawnNode, b: DrawnNode): boolean {
  if (node === a || node === b) return false;
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (length === 0) return false;
  const along = ((node.x - a.x) * (b.x - a.x) + (node.y - a.y) * (b.y - a.y)) / length;
  const off = Math.abs((node.x - a.x) * (b.y - a.y) - (node.y - a.y) * (b.x - a.x)) / length;
  return along > 0 && along < length && off < 24;
}

/** The drawing of a scenario's topology; null when it has no nodes. */
export function drawingOf(scenario: ResolvedScenario): Drawing | null {
  const edges = edgesOf(scenario.topology);
  const columns = ordered(columnsOf(scenario, edges), edges);
  if (columns.length === 0) return null;
  const known = new Map(scenario.topology.nodes.map((node) => [node.name, node]));
  const tallest = Math.max(...columns.map((names) => names.length));
  const control = speaksOpenFlow(scenario.controller) ? rowHeight : 0;
  const span = Math.max(tallest, 2) * rowHeight;
  const width = margin.side * 2 + columnWidth * Math.max(columns.length - 1, 1);
  const nodes: DrawnNode[] = columns.flatMap((names, column) =>
    names.flatMap((name, row) => {
      const kind = known.get(name)?.kind;
      if (kind === undefined) return [];
      const x = margin.side + column * columnWidth;
      const y = margin.top + control + ((row + 0.5) / names.length) * span - rowHeight / 2;
      return [{ name, kind, x, y }];
    }),
  );
  const at = new Map(nodes.map((node) => [node.name, node]));
  const drawnEdges = bentEdges(edges, at);
  if (control > 0) {
    nodes.push({ name: 'controller', kind: 'controller', x: width / 2, y: margin.top - 8 });
  }
  const height = margin.top + margin.bottom + control + span - rowHeight;
  return { width, height, nodes, edges: drawnEdges };
}
