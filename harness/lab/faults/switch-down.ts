/**
 * A plain switch goes dark. It shares its ovs-vswitchd with others, so nothing can be killed: one
 * filter stops all that would leave or reach it, and then both ends of each of its links lose carrier.
 */
import type { ResolvedLink } from '../../model/resolved.js';
import { carrierLoss } from './carrier.js';
import { channelPoints } from './control-channel.js';
import type { Change, FaultDefinition } from './fault.js';
import { dropPoints, packetFilter } from './packet-filter.js';
import { onlyNode } from './target.js';
import { failedChange, unproven } from './unproven.js';

const switchDown: FaultDefinition = {
  prepare({ bridge, topology, controllerPorts }, fault, target) {
    const node = onlyNode(fault, target);
    const links = topology.links.flatMap((link) => ownEndFirst(link, node));
    const points = [
      ...links.flatMap((link) => dropPoints(topology, link, 'both')),
      ...(controllerPorts.length === 0 ? [] : channelPoints(topology, node)),
    ];
    const filter = packetFilter(bridge, fault.id, points, 'counter drop');
    const carriers = links.map((link) => carrierLoss(bridge, link));
    return {
      async inject() {
        const dark = await filter.inject();
        const lost = await Promise.all(carriers.map((carrier) => carrier.inject()));
        return lost.reduce(withPart, dark);
      },
      async heal() {
        const back = await Promise.all(carriers.map((carrier) => seen(carrier.heal())));
        return back.reduce(withPart, await filter.heal());
      },
    };
  },
};

export default switchDown;

/** The link as the switch has it, so that its end is the one that is set down; a host keeps its routes. */
function ownEndFirst(link: ResolvedLink, node: string): ResolvedLink[] {
  if (link.a.node === node) return [link];
  return link.b.node === node ? [{ ...link, a: link.b, b: link.a }] : [];
}

type Part = Pick<Change, 'verified' | 'evidence'>;

/** A part that may have failed, which must not keep the others from being tried. */
function seen(change: Promise<Part>): Promise<Part> {
  return change.catch((thrown) => ({ verified: false, evidence: failedChange(thrown) }));
}

function withPart(whole: Change, { verified, evidence }: Part): Change {
  return verified ? whole : unproven(whole, evidence);
}
