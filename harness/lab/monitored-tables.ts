/** What of an Open vSwitch database a monitor tells: the host's holds other people's ports as well. */

import { controlAddressOf } from '../model/network/control-network.js';
import { nodeWith } from '../model/node-traits.js';
import type { ResolvedTopology } from '../model/resolved.js';
import type { Watched } from './observe/ovsdb-monitor.js';

/** For the instance of the node `name`; a plain switch shares its instance with the others. */
export function watchedOf(
  topology: ResolvedTopology,
  name: string,
  controllerPorts: readonly number[],
): Watched {
  if (nodeWith(topology.nodes, name, 'own-open-vswitch')) {
    return { nodeOf: () => name, isOwnController: () => true, owner: name };
  }
  const owners = new Map(
    topology.links.flatMap(({ a, b }) => [
      [a.port, a.node],
      [b.port, b.node],
    ]),
  );
  if (topology.rootPrefix === undefined) {
    const nodeOf = (port: string) => owners.get(port) ?? name;
    return { nodeOf, isOwnController: () => true, owner: name };
  }
  const prefix = topology.rootPrefix;
  const targets = new Set(
    topology.nodes.flatMap((node) => {
      const address = controlAddressOf(topology, node.name);
      return controllerPorts.map((port) => `tcp:${address}:${port}`);
    }),
  );
  return {
    // A relay's port of the same name lies in the relay's own namespace.
    nodeOf: (port) => (port.startsWith(prefix) ? owners.get(port) : undefined),
    isOwnController: (target) => targets.has(target),
    owner: name,
  };
}
