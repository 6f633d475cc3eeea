/** Random loss on a link or tunnel, without netem: nftables draws a number for every packet. */
import type { FaultDefinition } from './fault.js';
import { dropPoints, packetFilter } from './packet-filter.js';
import { lossStatement } from './statements.js';
import { numberParameter, onlyLink } from './target.js';

const packetLoss: FaultDefinition = {
  prepare({ bridge, topology }, fault, target) {
    const link = onlyLink(fault, target);
    const points = dropPoints(topology, link, fault.direction);
    const percent = numberParameter(fault, 'lossPercent');
    return packetFilter(bridge, fault.id, points, lossStatement(percent));
  },
};

export default packetLoss;
