/** A second address for every host, where a meter is to have addresses of its own. */

import { addressSource, meterNetwork, overlap, parseCidr } from '../../model/network/addresses.js';
import { has } from '../../model/node-traits.js';
import type { ResolvedMeter, ResolvedNode } from '../../model/resolved.js';
import type { Problems } from '../problems.js';

/** The n-th host gets the n-th address, whichever hosts are measured. */
export function withMeterAddresses(
  nodes: readonly ResolvedNode[],
  meters: readonly ResolvedMeter[],
  places: ReadonlyMap<string, string>,
  problems: Problems,
): ResolvedNode[] {
  const asking = meters.find(({ addresses }) => addresses === 'own');
  if (asking === undefined) return [...nodes];
  const next = addressSource(meterNetwork, new Set());
  const network = parseCidr(meterNetwork);
  return nodes.map((node) => {
    if (!has(node, 'end-point')) return node;
    const cidr = parseCidr(node.address);
    if (network && cidr && overlap(network, cidr)) {
      const what = `'own' uses addresses of ${meterNetwork}, which contains ${node.address} of ${node.name}`;
      const hint = "omit it; probes then use the hosts' own addresses";
      problems.add(`${places.get(asking.id) ?? 'traffic'}.addresses`, what, hint);
    }
    return { ...node, meterAddress: next() ?? '' };
  });
}
