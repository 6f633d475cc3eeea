/**
 * Blocks (biconnected components) of a graph: two edges are in one block when some cycle without
 * repeated nodes runs over both. Tarjan's depth-first search, one visit an edge; written without
 * recursion, since a line of a thousand switches is as deep as it is long.
 */
import { adjacencyOf, type Edge, otherEnd } from './graph.js';

interface Visit {
  node: string;
  /** The edge by which the search came; undefined at the start. */
  by: Edge | undefined;
  /** The next of the node's edges to look at. */
  next: number;
}

/** Every edge is in exactly one block; a bridge is alone in its own. */
export function blocksOf(edges: readonly Edge[]): Edge[][] {
  const search = new BlockSearch(adjacencyOf(edges));
  for (const { a } of edges) search.from(a);
  return search.blocks;
}

class BlockSearch {
  readonly blocks: Edge[][] = [];
  readonly #adjacency: ReadonlyMap<string, readonly Edge[]>;
  readonly #depth = new Map<string, number>();
  /** The least depth that is reached from below a node. */
  readonly #reach = new Map<string, number>();
  readonly #open: Edge[] = [];

  constructor(adjacency: ReadonlyMap<string, readonly Edge[]>) {
    this.#adjacency = adjacency;
  }

  from(start: string): void {
    if (this.#depth.has(start)) return;
    const visits: Visit[] = [this.#enter(start, undefined, 0)];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const edge = this.#adjacency.get(visit.node)?.[visit.next];
      visit.next += 1;
      if (edge === undefined) {
        visits.pop();
        this.#leave(visit, visits.at(-1));
      } else if (edge !== visit.by) {
        const deeper = this.#follow(edge, visit.node);
        if (deeper !== undefined) visits.push(deeper);
      }
    }
  }

  #enter(node: string, by: Edge | undefined, depth: number): Visit {
    this.#depth.set(node, depth);
    this.#reach.set(node, depth);
    return { node, by, next: 0 };
  }

  #follow(edge: Edge, node: string): Visit | undefined {
    const other = otherEnd(edge, node) ?? node;
    const depth = this.#depth.get(node) ?? 0;
    const known = this.#depth.get(other);
    if (known !== undefined && known >= depth) return undefined;
    this.#open.push(edge);
    if (known === undefined) return this.#enter(other, edge, depth + 1);
    this.#reachUpTo(node, known);
    return undefined;
  }

  /** Nothing below `visit` reaches above its parent: what is open since then is a block. */
  #leave({ node, by }: Visit, parent: Visit | undefined): void {
    if (by === undefined || parent === undefined) return;
    const reach = this.#reach.get(node) ?? 0;
    this.#reachUpTo(parent.node, reach);
    if (reach < (this.#depth.get(parent.node) ?? 0)) return;
    this.blocks.push(this.#open.splice(this.#open.lastIndexOf(by)));
  }

  #reachUpTo(node: string, depth: number): void {
    this.#reach.set(node, Math.min(this.#reach.get(node) ?? depth, depth));
  }
}
