/** Only ICMP packets over IPv4 are lost, on a link or inside a tunnel. */
import type { FaultDefinition } from './fault.js';
import { dropPoints, innerFrameByte, packetFilter } from './packet-filter.js';
import { onlyLink } from './target.js';

const icmpLoss: FaultDefinition = {
  prepare({ bridge, topology }, fault, target) {
    const link = onlyLink(fault, target);
    const points = dropPoints(topology, link, fault.direction);
    const statement = 'underlay' in link ? insideTunnel(innerFrameByte(link)) : 'ip protocol icmp';
    return packetFilter(bridge, fault.id, points, `${statement} counter drop`);
  },
};

export default icmpLoss;

/**
 * IPv4 by the type of the inner frame (IEEE 802.3 §3.2), ICMP by the protocol of its packet, the
 * tenth byte of the header (RFC 791 §3.1). `frameByte`: where the inner frame begins.
 */
function insideTunnel(frameByte: number): string {
  return `@nh,${(frameByte + 12) * 8},16 0x0800 @nh,${(frameByte + 14 + 9) * 8},8 1`;
}
