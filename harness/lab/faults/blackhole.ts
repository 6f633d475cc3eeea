/** Silent blackhole: a link or tunnel drops packets, one way or both; no node loses carrier. */
import type { FaultDefinition } from './fault.js';
import { dropPoints, packetFilter } from './packet-filter.js';
import { onlyLink } from './target.js';

const blackhole: FaultDefinition = {
  prepare({ bridge, topology }, fault, target) {
    const link = onlyLink(fault, target);
    const points = dropPoints(topology, link, fault.direction);
    return packetFilter(bridge, fault.id, points, 'counter drop');
  },
};

export default blackhole;
