/** Which probes are meant, by the addresses and the port that a user can look for. Pure. */

import type { Direction } from '../../model/history/events.js';
import { probeAddressOf } from '../../model/network/probe-address.js';
import { nodeWith } from '../../model/node-traits.js';
import type { ResolvedScenario } from '../../model/resolved.js';

/** `h1 10.0.0.1 → h2 10.0.0.2, UDP port 7001` */
export function probesText(
  { meters, topology }: Pick<ResolvedScenario, 'meters' | 'topology'>,
  id: string,
  direction: Direction,
): string {
  const meter = meters.find((one) => one.id === id);
  if (!meter) return `${id} ${direction}`;
  const { from, to } = meter;
  const ends = direction === 'forward' ? [from, to] : [to, from];
  const named = ends.map((name) => {
    const host = nodeWith(topology.nodes, name, 'end-point');
    return host ? `${name} ${probeAddressOf(host, meter)}` : name;
  });
  return `${named.join(' → ')}, UDP port ${meter.port}`;
}
