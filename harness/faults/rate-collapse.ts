/** The rate of a link or tunnel collapses: what exceeds it is dropped (policed), not queued. */
import type { FaultDefinition } from './fault.js';
import { dropPoints, packetFilter } from './packet-filter.js';
import { numberParameter, onlyLink } from './target.js';

export const rateCollapse: FaultDefinition = {
  kind: 'rate-collapse',
  prepare({ bridge, topology }, fault, target) {
    const link = onlyLink(fault, target);
    const points = dropPoints(topology, link, fault.direction);
    const statement = policeStatement(numberParameter(fault, 'bitrateBps'));
    return packetFilter(bridge, fault.id, points, statement, `rate of ${link.id} collapsed`);
  },
};

/** nft statement that drops what exceeds a rate, once a second's worth has passed. Pure. */
export function policeStatement(bitrateBps: number): string {
  const bytesPerSecond = Math.max(1, Math.round(bitrateBps / 8));
  // A burst of 20 ms, at least ten full frames: less would drop even a well-paced sender. The
  // kernel adds a second's worth to it (nft_limit.c), so as much passes at once at the start.
  const burst = Math.max(15_000, Math.round(bytesPerSecond / 50));
  return `limit rate over ${bytesPerSecond} bytes/second burst ${burst} bytes counter drop`;
}
