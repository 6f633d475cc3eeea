/** Addresses of the out-of-band control network, by which switches reach their controllers. */
import type { ResolvedTopology } from '../scenario/resolved.js';

/** The controller as every relay sees it. */
export const controllerAddress = '10.254.0.1';

/**
 * Where a switch finds its controller. Plain switches share one process and one loopback: each
 * gets a loopback address of its own, so that one channel can be cut without the others.
 */
export function controlAddressOf(topology: ResolvedTopology, node: string): string {
  const index = topology.nodes.findIndex((one) => one.name === node);
  if (topology.nodes[index]?.kind === 'relay') return controllerAddress;
  return `127.1.${Math.floor((index + 1) / 250)}.${(index + 1) % 250}`;
}
