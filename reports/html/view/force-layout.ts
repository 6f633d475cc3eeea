/**
 * Where the nodes of a large topology are drawn: neighbours close together, all others apart (forces
 * of d3-force), and along the first meter's way from left to right. The same topology always gives
 * the same drawing: nothing in it is random.
 */
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from 'd3-force';

export interface Placed {
  name: string;
  x: number;
  y: number;
}

interface Body extends SimulationNodeDatum {
  name: string;
  /** Where between the ends of the way it lies, 0 to 1. */
  share: number;
}

/** Units of the drawing between two neighbours. */
const distance = 62;
/** So many steps settle a thousand nodes, in about a second. */
const steps = 150;

/**
 * Places for all names.
 *
 * @param shares How far along the way each lies, from 0 (its sender) to 1; 0.5 for those beside it.
 */
export function forcePlaces(
  shares: ReadonlyMap<string, number>,
  edges: ReadonlyArray<{ a: string; b: string }>,
): Placed[] {
  const width = Math.sqrt(shares.size) * distance * 1.6;
  // Rows of a column begin apart, since two nodes at one place push each other nowhere.
  const bodies = [...shares].map(([name, share], row): Body => {
    return { name, share, x: share * width, y: ((row * 37) % shares.size) * 0.02 * distance };
  });
  const simulation = forceSimulation(bodies)
    .force(
      'edges',
      forceLink<Body, { source: string; target: string }>(
        edges.map(({ a, b }) => ({ source: a, target: b })),
      )
        .id(({ name }) => name)
        .distance(distance)
        .strength(0.7),
    )
    .force(
      'apart',
      forceManyBody<Body>()
        .strength(-260)
        .distanceMax(distance * 12),
    )
    .force('room', forceCollide<Body>(distance * 0.42))
    .force('along', forceX<Body>(({ share }) => share * width).strength(0.05))
    .force('middle', forceY<Body>(0).strength(0.03))
    .alphaDecay(1 - 0.001 ** (1 / steps))
    .stop();
  simulation.tick(steps);
  return bodies.map(({ name, x = 0, y = 0 }) => ({ name, x, y }));
}
