/** Addresses of the out-of-band control network, by which switches reach their controllers. */

import { LabError } from '../../errors.js';
import { has, nodesWith } from '../node-traits.js';
import type { ResolvedTopology } from '../resolved.js';

export const controlNetwork = '10.254.0.0/16';

/** The controller as every relay sees it. */
export const controllerAddress = '10.254.0.1';

/**
 * Where a switch finds its controller. Plain switches share one process and one loopback: each
 * gets a loopback address of its own, so that one channel can be cut without the others.
 */
export function controlAddressOf(topology: ResolvedTopology, node: string): string {
  const index = topology.nodes.findIndex((one) => one.name === node);
  const known = topology.nodes[index];
  if (known && has(known, 'control-interface')) return controllerAddress;
  return placeIn('127.1', index + 1);
}

/**
 * The address that distinguishes a node's control channel from the others: a relay's own, handed out in
 * the order of the relays when the network is built, or the one by which a switch finds its
 * controller.
 */
export function channelAddressOf(topology: ResolvedTopology, node: string): string {
  const inControl = nodesWith(topology.nodes, 'control-interface');
  const place = inControl.findIndex(({ name }) => name === node) + 2;
  if (place < 2) return controlAddressOf(topology, node);
  return placeIn('10.254', place);
}

/** The address of a place in a /16 whose rows hold 250 addresses. Throws WRONG_USE beyond the last. */
function placeIn(network: string, place: number): string {
  const places = 250 * 256;
  if (place < places) return `${network}.${Math.floor(place / 250)}.${place % 250}`;
  throw new LabError(
    'WRONG_USE',
    `Node number ${place} has no address in ${network}.0.0/16, which has room for ${places - 2} nodes.`,
  );
}
