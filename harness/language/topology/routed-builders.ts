/** Networks of routers that need no writing out. */
import { type RoutingSuite, routers } from '../../kinds/nodes/router.js';
import { shown } from '../../model/units.js';
import { host, link, type PlainLinkOptions, type TopologyPart } from './parts.js';

export interface ParallelRoutersOptions {
  /**
   * Whether neighbours see that a router has gone, `'seen'`, or only timers show it, `'hidden'`.
   * Left out: `'hidden'`.
   */
  carrier?: 'seen' | 'hidden';
  /** Options of every link between routers. */
  linkOptions?: Omit<PlainLinkOptions, 'id' | 'carrier' | 'metric' | 'vlan'>;
  /** Every way costs the same, so that all are used where `paths` allows. Left out: false. */
  equal?: boolean;
}

/**
 * Two hosts in subnets of their own, an edge router each, and routers side by side between the edges.
 * The first is the cheapest way, the second the next:
 *
 *     h1 – e1 – r1 – e2 – h2
 *             – r2 –
 *
 * @example
 * topology: [parallelRouters(2, frr({ ospf: {}, bfd: { interval: '100ms' } }))]
 */
export function parallelRouters(
  size: number,
  suite: RoutingSuite,
  { carrier = 'hidden', linkOptions = {}, equal = false }: ParallelRoutersOptions = {},
): TopologyPart[] {
  if (!Number.isInteger(size) || size < 1 || size > 100) {
    throw new RangeError(
      `parallelRouters: sizes must be whole numbers from 1 to 100, got ${shown(size)}`,
    );
  }
  const middle = Array.from({ length: size }, (_, index) => `r${index + 1}`);
  const edges = ['e1', 'e2'];
  return [
    ...routers(suite, ...edges, ...middle),
    host('h1', { on: 'e1' }),
    host('h2', { on: 'e2' }),
    ...middle.flatMap((name, index) =>
      edges.map((edge) =>
        link(edge, name, { ...linkOptions, carrier, metric: equal ? 10 : 10 * (index + 1) }),
      ),
    ),
  ];
}
