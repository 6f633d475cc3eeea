/** Loops among the nodes that pass packets on: frames circle in them unless something breaks them. */
import { blocksOf } from './blocks.js';
import { edgesAt, type Graph, otherEnd } from './graph.js';

/** The forwarders that lie on some loop. */
export function nodesOnLoops({ forwarders, edges }: Graph): Set<string> {
  const inner = edges.filter(({ a, b }) => forwarders.has(a) && forwarders.has(b));
  const loops = blocksOf(inner).filter((block) => block.length > 1);
  return new Set(loops.flatMap((block) => block.flatMap(({ a, b }) => [a, b])));
}

/** Nodes of some loop among `forwarders`; empty when the network is a tree. */
export function findLoop(graph: Graph): string[] {
  const parent = new Map<string, { node: string; edge: string } | null>();
  for (const start of graph.forwarders) {
    if (parent.has(start)) continue;
    parent.set(start, null);
    const stack = [start];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      for (const edge of edgesAt(graph, node)) {
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
