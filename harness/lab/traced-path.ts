/** The way from one host to another in a live lab, by asking each node in its own way. */
import { bondOf } from '../model/network/host-port.js';
import type { TracedPath } from '../model/network/traced-path.js';
import { nodesWith } from '../model/node-traits.js';
import type { Warning } from '../model/recorded/warning.js';
import type { ResolvedMeter, ResolvedTopology } from '../model/resolved.js';
import { bondState, portInUse } from './bond-state.js';
import type { BridgeClient } from './mininet/client.js';
import { nodeDefinitions } from './nodes/kinds.js';
import { type NextHopOf, type OutputsOf, tracePath } from './observe/path.js';

export interface TraceContext {
  bridge: BridgeClient;
  topology: ResolvedTopology;
  meters: readonly ResolvedMeter[];
  warn: (warning: Warning) => void;
}

/** See `tracePath`. */
export function tracedPath(
  { bridge, topology, meters, warn }: TraceContext,
  from: string,
  to: string,
): Promise<TracedPath> {
  const kinds = new Map(topology.nodes.map(({ name, kind }) => [name, kind]));
  const outputsOf: OutputsOf = async (node, inPort, packet) => {
    const kind = kinds.get(node);
    if (kind === undefined) return [];
    return nodeDefinitions[kind].outputs(bridge, node, inPort, packet, warn);
  };
  const nextHopOf: NextHopOf = async (node, inPort, packet) => {
    const kind = kinds.get(node);
    const ask = kind === undefined ? undefined : nodeDefinitions[kind].nextHop;
    return ask?.(bridge, node, inPort, packet) ?? null;
  };
  const asks = routesBetweenBridges(topology) ? nextHopOf : undefined;
  return tracePath(topology, meters, from, to, {
    outputsOf,
    nextHopOf: asks,
    firstPortOf: async (host) =>
      bondOf(topology, host) === undefined ? null : portInUse(await bondState(bridge, host)),
  });
}

/** Whether packets on their way get other hardware addresses, by which bridges then choose. */
function routesBetweenBridges({ nodes }: ResolvedTopology): boolean {
  const routing = nodesWith(nodes, 'routes').length;
  return routing > 0 && nodesWith(nodes, 'forwards').length > routing;
}
