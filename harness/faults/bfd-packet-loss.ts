/** Only BFD packets inside a tunnel are lost: the path works, and its watch says that it is dead. */
import { LabError } from '../errors.js';
import type { ResolvedTunnel } from '../scenario/resolved.js';
import type { FaultDefinition } from './fault.js';
import { dropPoints, packetFilter } from './packet-filter.js';
import { lossStatement } from './packet-loss.js';
import { numberParameter, onlyLink } from './target.js';

export const bfdPacketLoss: FaultDefinition = {
  kind: 'bfd-packet-loss',
  prepare({ bridge, topology }, fault, target) {
    const link = onlyLink(fault, target);
    if (!('underlay' in link)) {
      throw new LabError('FAULT_NOT_APPLIED', `${link.id} is no tunnel: BFD runs in tunnels.`);
    }
    const points = dropPoints(topology, link, fault.direction);
    const percent = numberParameter(fault, 'lossPercent');
    const statement = `@nh,${bfdPortBit(link)},16 3784 ${lossStatement(percent)}`;
    return packetFilter(
      bridge,
      fault.id,
      points,
      statement,
      `${percent} % of BFD lost on ${link.id}`,
    );
  },
};

/**
 * Bit offset, from the outer IP header, of the inner UDP destination port (BFD: 3784, RFC 5881 §4):
 * outer IP 20, tunnel header, inner Ethernet 14, inner IP 20, then 2. Pure.
 */
export function bfdPortBit(tunnel: ResolvedTunnel): number {
  const header = tunnel.kind === 'gre' ? (tunnel.key === null ? 4 : 8) : 16;
  return (20 + header + 14 + 20 + 2) * 8;
}
