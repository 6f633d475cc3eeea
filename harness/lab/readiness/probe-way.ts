/** Which probes are meant, by the addresses and the port that a user can look for. Pure. */

import type { Direction } from '../../model/history/events.js';
import { probeAddressOf } from '../../model/network/probe-address.js';
import { nodeWith } from '../../model/node-traits.js';
import type { ResolvedScenario } from '../../model/resolved.js';

/** The ends of one direction of a meter; empty where there is no such meter. */
export function probeWay(
  { meters, topology }: Pick<ResolvedScenario, 'meters' | 'topology'>,
  id: string,
  direction: Direction,
) {
  const meter = meters.find((one) => one.id === id);
  if (!meter) return [];
  const addressOf = (name: string) => {
    const host = nodeWith(topology.nodes, name, 'end-point');
    return host ? probeAddressOf(host, meter) : null;
  };
  const [from, to] = direction === 'forward' ? [meter.from, meter.to] : [meter.to, meter.from];
  return [{ from, to, fromAddress: addressOf(from), toAddress: addressOf(to), port: meter.port }];
}
