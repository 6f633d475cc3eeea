/** A set of nodes is cut off from the rest: every link and tunnel between the two sides goes dark. */
import { LabError } from '../../errors.js';
import type { FaultDefinition } from './fault.js';
import { dropPoints, packetFilter } from './packet-filter.js';

const partition: FaultDefinition = {
  prepare({ bridge, topology }, fault, target) {
    const inside = new Set(target.nodes);
    const carriers = new Set(topology.tunnels.map((tunnel) => tunnel.underlay));
    const crossing = [
      ...topology.tunnels,
      ...topology.links.filter((link) => !carriers.has(link.id)),
    ].filter((link) => inside.has(link.a.node) !== inside.has(link.b.node));
    if (crossing.length === 0) {
      throw new LabError(
        'FAULT_NOT_APPLIED',
        `${target.names.join(', ')}: no link leads to the other nodes.`,
      );
    }
    const points = crossing.flatMap((link) => dropPoints(topology, link, 'both'));
    return packetFilter(bridge, fault.id, points, 'counter drop');
  },
};

export default partition;
