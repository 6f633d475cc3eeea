/**
 * Which way traffic goes now, by counters that move: cheap enough to look right before a fault.
 * Counters belong to nodes and wires, not to conversations, so this confirms a traced path or finds
 * the only other one that moves; where both fail, it returns that nothing is decided. Pure.
 */

import { type Edge, type Graph, graphOf, otherEnd } from '../../model/network/graph.js';
import type { TracedPath } from '../../model/network/traced-path.js';
import type { ResolvedScenario, ResolvedTopology } from '../../model/resolved.js';
import type { PortCounters } from './counters.js';

/** Two readings of all counters, and the time between them. */
export interface CounterWindow {
  first: readonly PortCounters[];
  second: readonly PortCounters[];
  overMs: number;
}

/** What moved through a node or a wire, and how much must have moved for a path to cross it. */
export interface Movement {
  packets: number;
  atLeast: number;
}

type Probed = Pick<ResolvedScenario, 'topology' | 'meters'>;

/** More simple paths than this are not told apart by counters. */
const mostPaths = 64;

/** Movement of every node and edge within a window, for the traffic from one host to another. */
export class Carrying {
  readonly #graph: Graph;
  readonly #topology: ResolvedTopology;
  readonly #moved: Map<string, number>;
  readonly #overMs: number;
  readonly #probes: number;

  constructor({ topology, meters }: Probed, from: string, to: string, window: CounterWindow) {
    this.#topology = topology;
    this.#graph = graphOf(topology);
    this.#overMs = window.overMs;
    const between = meters.filter(
      (meter) => [meter.from, meter.to].sort().join() === [from, to].sort().join(),
    );
    this.#probes = between.reduce((sum, { rateHz }) => sum + (rateHz * window.overMs) / 1000, 0);
    const before = new Map(window.first.map((port) => [keyOf(port), port.rxPackets]));
    this.#moved = new Map(
      window.second.map((port) => [
        keyOf(port),
        Math.max(0, port.rxPackets - (before.get(keyOf(port)) ?? port.rxPackets)),
      ]),
    );
  }

  /** Packets that arrived at a node's data interfaces. */
  ofNode(node: string): Movement {
    const packets = [...this.#moved].reduce(
      (sum, [key, moved]) => (key.startsWith(`${node} `) ? sum + moved : sum),
      0,
    );
    const sessions = this.#topology.tunnels.filter(
      ({ a, b }) => a.node === node || b.node === node,
    ).length;
    return { packets, atLeast: this.#atLeast(sessions) };
  }

  /**
   * Packets that crossed a link or tunnel, both ways. Across the fabric a tunnel has no interface
   * of its own: as many as its quieter end received.
   */
  ofEdge(id: string): Movement {
    const tunnel = this.#topology.tunnels.find((one) => one.id === id);
    const wire = this.#topology.links.find((one) => one.id === (tunnel ? tunnel.underlay : id));
    if (wire) {
      const packets = [wire.a, wire.b].reduce(
        (sum, end) => sum + (this.#moved.get(keyOf(end)) ?? 0),
        0,
      );
      // Both ends of the one BFD session are counted.
      return { packets, atLeast: this.#atLeast(tunnel ? 2 : 0) };
    }
    const ends = tunnel ? [this.ofNode(tunnel.a.node), this.ofNode(tunnel.b.node)] : [];
    return ends.reduce((least, end) => (missing(end) > missing(least) ? end : least), {
      packets: Number.MAX_SAFE_INTEGER,
      atLeast: 0,
    });
  }

  /** Whether traffic moves on every node and link of a path. */
  holds(path: TracedPath): boolean {
    const forwarders = path.nodes.filter((node) => this.#graph.forwarders.has(node));
    return (
      forwarders.every((node) => carries(this.ofNode(node))) &&
      path.links.every((id) => carries(this.ofEdge(id)))
    );
  }

  /** The only path on which traffic moves; null when there is none, or several might be it. */
  only(from: string, to: string): TracedPath | null {
    const live = new Set([...this.#graph.forwarders].filter((node) => carries(this.ofNode(node))));
    const edges = this.#graph.edges.filter(({ id }) => carries(this.ofEdge(id)));
    const paths = simplePaths({ live, edges }, from, to);
    const [one] = paths;
    if (paths.length === 1 && one) return one;
    // Of several the one that explains why each of the live nodes is live.
    const whole = paths.filter(({ nodes }) => [...live].every((node) => nodes.includes(node)));
    return (whole.length === 1 && whole[0]) || null;
  }

  /**
   * How many packets show that probes pass. BFD moves counters as well; its interval is shortened
   * by up to a quarter (RFC 5880 §6.8.7). Where probes are too few to stand out, one packet is
   * enough: a target is not to be doubted for want of probes.
   */
  #atLeast(sessions: number): number {
    const { bfd } = this.#topology;
    const even = bfd ? (sessions * this.#overMs) / bfd.intervalMs : 0;
    const most = even / 0.75 + 2 * sessions + 4;
    const withProbes = 0.8 * even + 0.75 * this.#probes;
    return withProbes > most ? Math.round((most + withProbes) / 2) : 1;
  }
}

function keyOf({ node, port }: { node: string; port: string }): string {
  return `${node} ${port}`;
}

/** Whether as much moved as must have. */
export function carries(movement: Movement): boolean {
  return missing(movement) <= 0;
}

function missing({ packets, atLeast }: Movement): number {
  return atLeast - packets;
}

/** Paths without repeated nodes over what is live; empty when there are too many to tell. */
function simplePaths(
  { live, edges }: { live: ReadonlySet<string>; edges: readonly Edge[] },
  from: string,
  to: string,
): TracedPath[] {
  const found: TracedPath[] = [];
  const walk = (nodes: string[], links: string[]) => {
    const here = nodes.at(-1) ?? from;
    if (found.length > mostPaths) return;
    if (here === to) {
      found.push({ nodes, links, complete: true });
      return;
    }
    for (const edge of edges) {
      const next = otherEnd(edge, here);
      if (next === undefined || nodes.includes(next)) continue;
      if (next === to || live.has(next)) walk([...nodes, next], [...links, edge.id]);
    }
  };
  walk([from], []);
  return found.length > mostPaths ? [] : found;
}
