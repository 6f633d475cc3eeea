/**
 * A node whose processes are not its own to kill goes dark: one filter stops all that would leave or
 * reach it, and then both ends of each of its links lose carrier.
 */
import type { ResolvedLink } from '../../model/resolved.js';
import { carrierLoss } from './carrier.js';
import type { Change, FaultContext, PreparedFault } from './fault.js';
import { type DropPoint, dropPoints, packetFilter } from './packet-filter.js';
import { failedChange, unproven } from './unproven.js';

interface Darkness {
  /** Which end of each link is set down; the other one loses its carrier. */
  down: 'own' | 'neighbour';
  /** What is to be filtered beside the node's links. */
  more?: readonly DropPoint[];
}

export function darkNode(
  { bridge, topology }: FaultContext,
  faultId: string,
  node: string,
  { down, more = [] }: Darkness,
): PreparedFault {
  const own = topology.links.flatMap((link) => ownEndFirst(link, node));
  const links = down === 'own' ? own : own.map((link) => ({ ...link, a: link.b, b: link.a }));
  const points = [...links.flatMap((link) => dropPoints(topology, link, 'both')), ...more];
  const filter = packetFilter(bridge, faultId, points, 'counter drop');
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
}

/** A link with the node's end first. */
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
