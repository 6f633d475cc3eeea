/** Random loss on a link or tunnel, without netem: nftables draws a number for every packet. */
import type { FaultDefinition } from './fault.js';
import { dropPoints, packetFilter } from './packet-filter.js';
import { numberParameter, onlyLink } from './target.js';

export const packetLoss: FaultDefinition = {
  kind: 'packet-loss',
  prepare({ bridge, topology }, fault, target) {
    const link = onlyLink(fault, target);
    const points = dropPoints(topology, link, fault.direction);
    const percent = numberParameter(fault, 'lossPercent');
    return packetFilter(
      bridge,
      fault.id,
      points,
      lossStatement(percent),
      `${percent} % loss on ${link.id}`,
    );
  },
};

/** nft statement that drops a share of packets, in steps of 0.01 %. Pure. */
export function lossStatement(percent: number): string {
  if (percent >= 100) return 'counter drop';
  return `numgen random mod 10000 < ${Math.round(percent * 100)} counter drop`;
}
