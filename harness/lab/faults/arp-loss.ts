/** Only ARP packets are lost, on a link or inside a tunnel. */
import type { FaultDefinition } from './fault.js';
import { dropPoints, innerFrameByte, packetFilter } from './packet-filter.js';
import { onlyLink } from './target.js';

const arpLoss: FaultDefinition = {
  prepare({ bridge, topology }, fault, target) {
    const link = onlyLink(fault, target);
    const points = dropPoints(topology, link, fault.direction);
    // The type of an Ethernet frame lies behind its two addresses (IEEE 802.3 §3.2).
    const inTunnel = 'underlay' in link && `@nh,${(innerFrameByte(link) + 12) * 8},16 0x0806`;
    const statement = `${inTunnel || 'ether type arp'} counter drop`;
    return packetFilter(bridge, fault.id, points, statement);
  },
};

export default arpLoss;
