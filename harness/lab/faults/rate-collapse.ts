/** The rate of a link or tunnel collapses: what exceeds it is dropped (policed), not queued. */
import type { FaultDefinition } from './fault.js';
import { dropPoints, packetFilter } from './packet-filter.js';
import { policeStatement } from './statements.js';
import { numberParameter, onlyLink } from './target.js';

const rateCollapse: FaultDefinition = {
  prepare({ bridge, topology }, fault, target) {
    const link = onlyLink(fault, target);
    const points = dropPoints(topology, link, fault.direction);
    const statement = policeStatement(numberParameter(fault, 'bitrateBps'));
    return packetFilter(bridge, fault.id, points, statement);
  },
};

export default rateCollapse;
