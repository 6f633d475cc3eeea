/** Where the packets of one node's OpenFlow channel pass. */

import { controlAddressOf } from '../../model/network/control-network.js';
import { rootNames } from '../../model/network/root-names.js';
import { nodeWith } from '../../model/node-traits.js';
import type { ResolvedTopology } from '../../model/resolved.js';
import type { DropPoint } from './packet-filter.js';

/** A relay has a control interface of its own; a plain switch has an address on loopback. */
export function channelPoints(topology: ResolvedTopology, node: string): DropPoint[] {
  if (nodeWith(topology.nodes, node, 'control-interface')) {
    const device = rootNames(topology).controlPort(node);
    return [
      { node: null, device, hook: 'ingress', match: '' },
      { node: null, device, hook: 'egress', match: '' },
    ];
  }
  const address = controlAddressOf(topology, node);
  return ['saddr', 'daddr'].map((side) => ({
    node: null,
    device: 'lo',
    hook: 'egress' as const,
    match: `ip ${side} ${address}`,
  }));
}
