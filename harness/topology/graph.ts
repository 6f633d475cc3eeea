/** The network as a graph: who reaches whom, over what, and what remains when something dies. */
import type { ResolvedTopology } from '../scenario/resolved.js';

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

/** The graph that packets see: tunnels count, the cables under them do not. */
export function graphOf(topology: Pick<ResolvedTopology, 'nodes' | 'links' | 'tunnels'>): Graph {
  const under = new Set(topology.tunnels.map((tunnel) => tunnel.underlay));
  const links = topology.links.filter((link) => !under.has(link.id));
  const names = (isHost: boolean) =>
    new Set(topology.nodes.filter((n) => (n.kind === 'host') === isHost).map((n) => n.name));
  return {
    hosts: names(true),
    forwarders: names(false),
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
    for (const edge of graph.edges) {
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
    for (const edge of graph.edges) {
      const next = otherEnd(edge, node);
      if (next === undefined || avoid.nodes?.has(next) || avoid.edges?.has(edge.id)) continue;
      seen.add(next);
    }
  }
  return seen;
}

/** Forwarders whose death separates two hosts that are joined otherwise. */
export function articulationPoints(graph: Graph, from: string, to: string): string[] {
  if (!reachable(graph, from).has(to)) return [];
  return [...graph.forwarders].filter(
    (node) => !reachable(graph, from, { nodes: new Set([node]) }).has(to),
  );
}

/**
 * Whether some path from → to without repeated nodes runs through `node`, so that it may carry
 * their traffic. By Menger's theorem: `node` reaches both ends by ways that share only `node`.
 */
export function mayCarry(graph: Graph, node: string, from: string, to: string): boolean {
  if (node === from || node === to) return reachable(graph, from).has(to);
  if (graph.hosts.has(node)) return false;
  // Enough for graphs of this size: a way to one end, moved aside where it blocks the other.
  return disjointWays(graph, node, [from, to]);
}

/** Whether some path from → to without repeated nodes runs over the edge `id`. */
export function mayCarryEdge(graph: Graph, id: string, from: string, to: string): boolean {
  const edge = graph.edges.find((candidate) => candidate.id === id);
  if (edge === undefined) return false;
  const middle = ` ${id}`;
  const halves = [
    { id: `${id} a`, a: edge.a, b: middle },
    { id: `${id} b`, a: middle, b: edge.b },
  ];
  const split: Graph = {
    hosts: graph.hosts,
    forwarders: new Set([...graph.forwarders, middle]),
    edges: [...graph.edges.filter((other) => other !== edge), ...halves],
  };
  return mayCarry(split, middle, from, to);
}

/**
 * Maximum flow of two units from `node` to both targets, each other node used once. Two rounds of
 * breadth-first search over a graph in which each node is split in an entry and an exit.
 */
function disjointWays(graph: Graph, node: string, targets: readonly string[]): boolean {
  const arcs = new Map<string, Set<string>>();
  const arc = (from: string, to: string) => {
    arcs.set(from, (arcs.get(from) ?? new Set()).add(to));
  };
  for (const name of [...graph.hosts, ...graph.forwarders]) {
    const passes = graph.forwarders.has(name) || targets.includes(name);
    if (passes && name !== node) arc(`in ${name}`, `out ${name}`);
  }
  for (const { a, b } of graph.edges) {
    arc(`out ${a}`, `in ${b}`);
    arc(`out ${b}`, `in ${a}`);
  }
  for (const target of targets) {
    arcs.set(`out ${target}`, new Set(['sink']));
  }
  return targets.every(() => augment(arcs, `out ${node}`));
}

/** Finds one more way to the sink and turns its arcs around; false when there is none. */
function augment(arcs: Map<string, Set<string>>, source: string): boolean {
  const cameFrom = new Map<string, string>([[source, source]]);
  const queue = [source];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const next of arcs.get(at) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      queue.push(next);
    }
  }
  if (!cameFrom.has('sink')) return false;
  for (let at = 'sink'; at !== source; ) {
    const before = cameFrom.get(at) ?? source;
    arcs.get(before)?.delete(at);
    if (at !== 'sink') arcs.set(at, (arcs.get(at) ?? new Set()).add(before));
    at = before;
  }
  return true;
}

/** Nodes of some loop among `forwarders`; empty when the network is a tree. */
export function findLoop(graph: Graph): string[] {
  const parent = new Map<string, { node: string; edge: string } | null>();
  for (const start of graph.forwarders) {
    if (parent.has(start)) continue;
    parent.set(start, null);
    const stack = [start];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      for (const edge of graph.edges) {
        const next = otherEnd(edge, node);
        if (next === undefined || !graph.forwarders.has(next)) continue;
        if (edge.id === parent.get(node)?.edge) continue;
        if (parent.has(next)) return loopThrough(parent, node, next);
        parent.set(next, { node, edge: edge.id });
        stack.push(next);
      }
    }
  }
  return [];
}

type Parents = ReadonlyMap<string, { node: string; edge: string } | null>;

function loopThrough(parent: Parents, one: string, other: string): string[] {
  const ancestors = (node: string) => {
    const line = [node];
    for (let up = parent.get(node); up; up = parent.get(up.node)) line.push(up.node);
    return line;
  };
  const left = ancestors(one);
  const right = ancestors(other);
  const meeting = left.find((node) => right.includes(node)) ?? one;
  const downTo = (line: string[]) => line.slice(0, line.indexOf(meeting) + 1);
  return [...downTo(left), ...downTo(right).reverse().slice(1)];
}
