/** Two ends for traffic that are far apart, and whether a way is left when the one between dies. Pure. */
import {
  adjacencyOf,
  backupPath,
  type Edge,
  type Graph,
  otherEnd,
  type Path,
  shortestPath,
} from '../../model/network/graph.js';

export interface FarApart {
  ends: [string, string];
  /** Nodes from end to end, by fewest links. */
  path: string[];
  /** What may fail on the way so that another one is left; `null`: nothing. */
  spare: 'node' | 'link' | null;
}

/** Pairs that are tried; a tree has no way that is left, and thousands of pairs. */
const triedMax = 300;

/**
 * The pair with the most links between them of which a node on the way may fail; else a link; else
 * the farthest. Undefined where no two ends reach each other.
 *
 * The ends are hosts; where there are none, nodes at which hosts may be.
 */
export function farApart(
  forwarders: readonly string[],
  hosts: readonly string[],
  edges: readonly Edge[],
): FarApart | undefined {
  const ends = hosts.length >= 2 ? hosts : forwarders;
  const inside: ReadonlySet<string> = new Set(hosts.length >= 2 ? hosts : []);
  const adjacency = adjacencyOf(edges);
  const pairs = ends
    .flatMap((from, index) => {
      const hops = hopsFrom(from, adjacency, inside);
      return ends.slice(index + 1).flatMap((to) => {
        const count = hops.get(to);
        return count === undefined ? [] : [{ from, to, count }];
      });
    })
    // The order of the file decides among equals.
    .sort((one, other) => other.count - one.count);
  const graph: Graph = { hosts: inside, forwarders: new Set(forwarders), edges };
  const [farthest] = pairs;
  if (farthest === undefined) return undefined;
  let linkAlone: FarApart | undefined;
  for (const { from, to } of spread(pairs)) {
    const found = judged(graph, from, to);
    if (found?.spare === 'node') return found;
    if (found?.spare === 'link') linkAlone ??= found;
  }
  const { from, to } = farthest;
  const path = shortestPath(graph, from, to)?.nodes ?? [from, to];
  return linkAlone ?? { ends: [from, to], path, spare: null };
}

/** All of few pairs; of many the first ones, and then some from all of the list. */
function spread<Pair>(pairs: readonly Pair[]): Pair[] {
  if (pairs.length <= triedMax) return [...pairs];
  const step = pairs.length / triedMax;
  const further = Array.from({ length: triedMax }, (_, index) => pairs[Math.floor(index * step)]);
  return [...pairs.slice(0, triedMax), ...further.filter((pair) => pair !== undefined)];
}

function judged(graph: Graph, from: string, to: string): FarApart | undefined {
  if (graph.hosts.has(from)) {
    const path = shortestPath(graph, from, to);
    return path && { ends: [from, to], path: path.nodes, spare: spareOf(graph, path) };
  }
  // A host of its own at each end, since the node that it is at cannot be spared.
  const hosts = ['\u0000from', '\u0000to'] as const;
  const plugs = [
    { id: hosts[0], a: hosts[0], b: from },
    { id: hosts[1], a: hosts[1], b: to },
  ];
  const whole = { ...graph, hosts: new Set(hosts), edges: [...graph.edges, ...plugs] };
  const path = shortestPath(whole, ...hosts);
  const own = path?.nodes.slice(1, -1) ?? [];
  return path && { ends: [from, to], path: own, spare: spareOf(whole, path) };
}

/** @param path From host to host. */
function spareOf(graph: Graph, path: Path): FarApart['spare'] {
  const backup = backupPath(graph, path);
  if (backup === undefined) return null;
  const middle = new Set(path.nodes.slice(2, -2));
  return middle.size > 0 && !backup.nodes.some((node) => middle.has(node)) ? 'node' : 'link';
}

function hopsFrom(
  from: string,
  adjacency: ReadonlyMap<string, readonly Edge[]>,
  hosts: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const hops = new Map([[from, 0]]);
  for (const [node, count] of hops) {
    if (node !== from && hosts.has(node)) continue;
    for (const edge of adjacency.get(node) ?? []) {
      const next = otherEnd(edge, node);
      if (next !== undefined && !hops.has(next)) hops.set(next, count + 1);
    }
  }
  return hops;
}
