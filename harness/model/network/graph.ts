/** The network as a graph: who reaches whom, over what, and what remains when something dies. */
import { nodesWith } from '../node-traits.js';
import type { ResolvedTopology } from '../resolved.js';

/** A wire or tunnel between two nodes. */
export interface Edge {
  id: string;
  a: string;
  b: string;
}

/** Nodes that pass packets on, hosts that do not, and what joins them. */
export interface Graph {
  hosts: ReadonlySet<string>;
  forwarders: ReadonlySet<string>;
  edges: readonly Edge[];
}

const adjacencies = new WeakMap<Graph, ReadonlyMap<string, readonly Edge[]>>();

/** The edges at a node, in the order they were written. Built once a graph. */
export function edgesAt(graph: Graph, node: string): readonly Edge[] {
  const known = adjacencies.get(graph) ?? adjacencyOf(graph.edges);
  adjacencies.set(graph, known);
  return known.get(node) ?? [];
}

/** Every node's edges, by its name. */
export function adjacencyOf(edges: readonly Edge[]): ReadonlyMap<string, readonly Edge[]> {
  const adjacency = new Map<string, Edge[]>();
  const note = (node: string, edge: Edge) => {
    const known = adjacency.get(node);
    if (known === undefined) adjacency.set(node, [edge]);
    else known.push(edge);
  };
  for (const edge of edges) {
    note(edge.a, edge);
    if (edge.b !== edge.a) note(edge.b, edge);
  }
  return adjacency;
}

/** The graph that packets see: tunnels count, the cables under them do not. */
export function graphOf(topology: Pick<ResolvedTopology, 'nodes' | 'links' | 'tunnels'>): Graph {
  const under = new Set(topology.tunnels.map((tunnel) => tunnel.underlay));
  const links = topology.links.filter((link) => !under.has(link.id));
  const names = (trait: 'end-point' | 'forwards') =>
    new Set(nodesWith(topology.nodes, trait).map(({ name }) => name));
  return {
    hosts: names('end-point'),
    forwarders: names('forwards'),
    edges: [...links, ...topology.tunnels].map(({ id, a, b }) => ({ id, a: a.node, b: b.node })),
  };
}

/** A way through the network: nodes from end to end, and the edges between them. */
export interface Path {
  nodes: string[];
  edges: string[];
}

/** What a path may not use. */
export interface Avoided {
  nodes?: ReadonlySet<string>;
  edges?: ReadonlySet<string>;
}

/** A shortest path in hops; among equals the one written first. Undefined when there is none. */
export function shortestPath(
  graph: Graph,
  from: string,
  to: string,
  avoid: Avoided = {},
): Path | undefined {
  const cameBy = new Map<string, Edge | null>([[from, null]]);
  const queue = [from];
  for (let node = queue.shift(); node !== undefined && node !== to; node = queue.shift()) {
    if (node !== from && graph.hosts.has(node)) continue;
    for (const edge of edgesAt(graph, node)) {
      const next = otherEnd(edge, node);
      if (next === undefined || cameBy.has(next)) continue;
      if (avoid.edges?.has(edge.id) || (next !== to && avoid.nodes?.has(next))) continue;
      cameBy.set(next, edge);
      queue.push(next);
    }
  }
  return cameBy.has(to) ? traceBack(cameBy, to) : undefined;
}

function traceBack(cameBy: ReadonlyMap<string, Edge | null>, to: string): Path {
  const path: Path = { nodes: [to], edges: [] };
  let node = to;
  for (let edge = cameBy.get(node); edge; edge = cameBy.get(node)) {
    node = otherEnd(edge, node) ?? node;
    path.nodes.unshift(node);
    path.edges.unshift(edge.id);
  }
  return path;
}

/** The far end of an edge, seen from a node; undefined when the edge is not the node's. */
export function otherEnd(edge: Edge, node: string): string | undefined {
  if (edge.a === node) return edge.b;
  return edge.b === node ? edge.a : undefined;
}

/**
 * A path that shares as little as possible with `path`: no node in the middle, else no edge between
 * forwarders. Undefined when neither exists.
 */
export function backupPath(graph: Graph, path: Path): Path | undefined {
  const [from, to] = [path.nodes[0], path.nodes.at(-1)];
  if (from === undefined || to === undefined) return undefined;
  const ends = new Set([...path.nodes.slice(0, 2), ...path.nodes.slice(-2)]);
  const middle = new Set(path.nodes.filter((node) => !ends.has(node)));
  const between = new Set(
    path.edges.filter((id) => {
      const edge = graph.edges.find((candidate) => candidate.id === id);
      return edge && graph.forwarders.has(edge.a) && graph.forwarders.has(edge.b);
    }),
  );
  if (between.size === 0) return undefined;
  return (
    shortestPath(graph, from, to, { nodes: middle, edges: between }) ??
    shortestPath(graph, from, to, { edges: between })
  );
}

/** All nodes that can be reached from one, itself included. */
export function reachable(graph: Graph, from: string, avoid: Avoided = {}): Set<string> {
  const seen = new Set([from]);
  for (const node of seen) {
    if (node !== from && graph.hosts.has(node)) continue;
    for (const edge of edgesAt(graph, node)) {
      const next = otherEnd(edge, node);
      if (next === undefined || avoid.nodes?.has(next) || avoid.edges?.has(edge.id)) continue;
      seen.add(next);
    }
  }
  return seen;
}
