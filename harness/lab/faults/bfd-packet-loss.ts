/** Only BFD packets inside a tunnel are lost: the path works, and its watch says that it is dead. */
import { LabError } from '../../errors.js';
import type { FaultDefinition } from './fault.js';
import { dropPoints, innerFrameByte, packetFilter } from './packet-filter.js';
import { lossStatement } from './statements.js';
import { numberParameter, onlyLink } from './target.js';

const bfdPacketLoss: FaultDefinition = {
  prepare({ bridge, topology }, fault, target) {
    const link = onlyLink(fault, target);
    if (!('underlay' in link)) {
      throw new LabError(
        'FAULT_NOT_APPLIED',
        `${link.id} is not a tunnel; BFD runs only on tunnels.`,
      );
    }
    const points = dropPoints(topology, link, fault.direction);
    const percent = numberParameter(fault, 'lossPercent');
    // Behind inner Ethernet and inner IP lies the UDP destination port (BFD: 3784, RFC 5881 §4).
    const portBit = (innerFrameByte(link) + 14 + 20 + 2) * 8;
    const statement = `@nh,${portBit},16 3784 ${lossStatement(percent)}`;
    return packetFilter(bridge, fault.id, points, statement);
  },
};

export default bfdPacketLoss;
