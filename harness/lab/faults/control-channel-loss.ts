/** One node's OpenFlow channel goes silent: no FIN or RST is sent. The data plane is not touched. */
import { channelPoints } from './control-channel.js';
import type { FaultDefinition } from './fault.js';
import { packetFilter } from './packet-filter.js';
import { onlyNode } from './target.js';

const controlChannelLoss: FaultDefinition = {
  prepare({ bridge, topology }, fault, target) {
    const node = onlyNode(fault, target);
    const points = channelPoints(topology, node);
    return packetFilter(bridge, fault.id, points, 'counter drop');
  },
};

export default controlChannelLoss;
