/** Only large packets vanish, as behind a broken path MTU: small pings say that all is well. */
import type { FaultDefinition } from './fault.js';
import { dropPoints, packetFilter } from './packet-filter.js';
import { numberParameter, onlyLink } from './target.js';

const largePacketLoss: FaultDefinition = {
  prepare({ bridge, topology }, fault, target) {
    const link = onlyLink(fault, target);
    const points = dropPoints(topology, link, fault.direction);
    const bytes = numberParameter(fault, 'largerThanBytes');
    // The IP packet on the wire: of a tunnel, the outer one.
    const statement = `ip length > ${bytes} counter drop`;
    return packetFilter(bridge, fault.id, points, statement);
  },
};

export default largePacketLoss;
