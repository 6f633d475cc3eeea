/** What may carry traffic between two hosts: everything on some path without repeated nodes. */
import { blocksOf } from './blocks.js';
import type { Edge, Graph } from './graph.js';

interface Carriers {
  nodes: ReadonlySet<string>;
  /** By id. */
  edges: ReadonlySet<string>;
}

const known = new WeakMap<Graph, Map<string, Carriers>>();

/** Whether some path from → to without repeated nodes runs through `node`. */
export function mayCarry(graph: Graph, node: string, from: string, to: string): boolean {
  return carriersBetween(graph, from, to).nodes.has(node);
}

/** Whether some path from → to without repeated nodes runs over the edge `id`. */
export function mayCarryEdge(graph: Graph, id: string, from: string, to: string): boolean {
  return carriersBetween(graph, from, to).edges.has(id);
}

function carriersBetween(graph: Graph, from: string, to: string): Carriers {
  const ofGraph = known.get(graph) ?? new Map<string, Carriers>();
  known.set(graph, ofGraph);
  const pair = `${from} ${to}`;
  const carriers = ofGraph.get(pair) ?? findCarriers(graph, from, to);
  ofGraph.set(pair, carriers);
  return carriers;
}

/**
 * An edge that joins both ends directly is added: a path from → to closes a cycle with it, so the
 * edges of all paths are the rest of its block.
 */
function findCarriers({ edges, forwarders }: Graph, from: string, to: string): Carriers {
  const passes = (node: string) => forwarders.has(node) || node === from || node === to;
  const closing: Edge = { id: '', a: from, b: to };
  const usable = edges.filter(({ a, b }) => passes(a) && passes(b));
  const block = blocksOf([closing, ...usable]).find((edgesOfBlock) =>
    edgesOfBlock.includes(closing),
  );
  const carrying = (block ?? []).filter((edge) => edge !== closing);
  return {
    nodes: new Set(carrying.flatMap(({ a, b }) => [a, b])),
    edges: new Set(carrying.map(({ id }) => id)),
  };
}
