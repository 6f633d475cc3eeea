/** Where the control channels are read. Pure. */

import { rootNames } from '../../model/network/root-names.js';
import { has, nodesWith } from '../../model/node-traits.js';
import type { ResolvedTopology } from '../../model/resolved.js';

/** Interfaces of the lab's root namespace, by which messages count there. */
export interface TappedInterfaces {
  bothWays: string[];
  toControllers: string[];
  fromControllers: string[];
}

/**
 * Plain switches reach the controllers by loopback. Relays do by the control network's bridge, where
 * packets may get lost at the relay's port: what arrives at the bridge, and what left that port.
 */
export function tappedInterfaces(topology: ResolvedTopology): TappedInterfaces {
  const { nodes } = topology;
  const names = rootNames(topology);
  const callers = nodesWith(nodes, 'calls-controller');
  const apart = nodesWith(nodes, 'control-interface');
  return {
    bothWays: callers.some((node) => !has(node, 'control-interface')) ? ['lo'] : [],
    toControllers: apart.length === 0 ? [] : [names.controlBridge],
    fromControllers: apart.map(({ name }) => names.controlPort(name)),
  };
}
