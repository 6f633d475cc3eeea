/** The most that one flow can get through a network. Pure. */
import { edgesAt, type Graph, otherEnd } from './graph.js';

/**
 * Over all ways from → to, the largest value of the narrowest edge of a way. Infinity where some
 * way has no limit at all; 0 when there is no way.
 */
export function widestWay(
  graph: Graph,
  from: string,
  to: string,
  widthOf: (edge: string) => number,
): number {
  const width = new Map([[from, Number.POSITIVE_INFINITY]]);
  const done = new Set<string>();
  for (let node = widestOpen(width, done); node !== undefined; node = widestOpen(width, done)) {
    done.add(node);
    if (node === to) return width.get(node) ?? 0;
    if (node !== from && graph.hosts.has(node)) continue;
    for (const edge of edgesAt(graph, node)) {
      const next = otherEnd(edge, node) ?? node;
      const through = Math.min(width.get(node) ?? 0, widthOf(edge.id));
      if (through > (width.get(next) ?? 0)) width.set(next, through);
    }
  }
  return 0;
}

function widestOpen(width: ReadonlyMap<string, number>, done: ReadonlySet<string>) {
  let best: string | undefined;
  for (const [node, value] of width) {
    if (done.has(node)) continue;
    if (best === undefined || value > (width.get(best) ?? 0)) best = node;
  }
  return best;
}
