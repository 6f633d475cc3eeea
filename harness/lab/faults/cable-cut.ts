/**
 * The underlay of a tunnel is cut. On a cable its two interfaces lose carrier and the tunnel port
 * does not; across the fabric, or where a link hides its carrier, no node sees anything but silence.
 */
import { carrierLoss, vethOf } from './carrier.js';
import type { FaultDefinition } from './fault.js';
import { dropPoints, packetFilter } from './packet-filter.js';
import { onlyLink } from './target.js';

const cableCut: FaultDefinition = {
  prepare({ bridge, topology }, fault, target) {
    const link = onlyLink(fault, target);
    const cable = vethOf(topology, link);
    if (cable && !cable.hidesCarrier) return carrierLoss(bridge, cable);
    const points = dropPoints(topology, cable ?? link, 'both');
    return packetFilter(bridge, fault.id, points, 'counter drop');
  },
};

export default cableCut;
