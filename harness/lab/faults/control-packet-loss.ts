/** A share of the packets of one node's OpenFlow channel is lost. */
import { channelPoints } from './control-channel.js';
import type { FaultDefinition } from './fault.js';
import { packetFilter } from './packet-filter.js';
import { lossStatement } from './statements.js';
import { numberParameter, onlyNode } from './target.js';

const controlPacketLoss: FaultDefinition = {
  prepare({ bridge, topology }, fault, target) {
    const node = onlyNode(fault, target);
    const percent = numberParameter(fault, 'lossPercent');
    const points = channelPoints(topology, node);
    const _what = `${percent} % loss on the control channel of ${node}`;
    return packetFilter(bridge, fault.id, points, lossStatement(percent));
  },
};

export default controlPacketLoss;
