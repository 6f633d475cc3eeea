/**
 * Packet counters of every switch's interfaces, read from the kernel. Open vSwitch is not asked:
 * answering takes its forwarding thread long enough to lose packets (about 10 ms were measured).
 */

import { readFileSync } from 'node:fs';
import { countOf } from '../../bounded-json.js';
import { nodesWith } from '../../model/node-traits.js';
import type { ResolvedTopology } from '../../model/resolved.js';
import type { BridgeClient } from '../mininet/client.js';

export interface PortCounters {
  node: string;
  port: string;
  rxPackets: number;
  txPackets: number;
  rxBytes: number;
  txBytes: number;
}

/** Counters of all data interfaces of the nodes that pass packets on; a node that is gone is left out. */
export function readCounters(bridge: BridgeClient, topology: ResolvedTopology): PortCounters[] {
  // Plain switches share a namespace, whose list has the interfaces of all.
  const places = new Map<number | null, Map<string, Counted>>();
  return nodesWith(topology.nodes, 'forwards').flatMap(({ name }) => {
    const { pid, interfaces } = bridge.node(name);
    const listed = places.get(pid) ?? parseNetDev(readOr(`/proc/${pid ?? 'self'}/net/dev`));
    places.set(pid, listed);
    return interfaces.flatMap((port) => {
      const counted = port === `${name}-ctl` ? undefined : listed.get(port);
      return counted ? [{ node: name, port, ...counted }] : [];
    });
  });
}

type Counted = Omit<PortCounters, 'node' | 'port'>;

/** Parse /proc/net/dev; interfaces without readable counters are left out. Pure. */
export function parseNetDev(text: string): Map<string, Counted> {
  return new Map(
    text.split('\n').flatMap((line): Array<[string, Counted]> => {
      const [name = '', rest = ''] = line.split(':');
      const fields = rest.trim().split(/\s+/).map(countOf);
      const [rxBytes = null, rxPackets = null] = fields;
      const [txBytes = null, txPackets = null] = fields.slice(8);
      if (rxBytes === null || rxPackets === null || txBytes === null || txPackets === null)
        return [];
      return [[name.trim(), { rxPackets, txPackets, rxBytes, txBytes }]];
    }),
  );
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
