/** Hosts pass nothing on. */
import { nextHopOf } from './next-hop.js';
import type { NodeDefinition } from './node.js';

const host: NodeDefinition = {
  outputs: async () => [],
  nextHop: (bridge, node, _inPort, packet) => nextHopOf(bridge, node, packet, []),
};

export default host;
