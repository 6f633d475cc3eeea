/** A router sends a packet where its kernel's table says. */
import * as z from 'zod';
import { readBoundedJson } from '../../bounded-json.js';
import { nextHopOf } from './next-hop.js';
import type { NodeDefinition } from './node.js';

/** Of `ip -j route get`. */
const ways = z.array(z.object({ dev: z.string().optional() }));
const limits = { characters: 1024 * 1024, depth: 8 };

const router: NodeDefinition = {
  async outputs(bridge, node, inPort, packet) {
    const { source, target, protocol, sourcePort, targetPort } = packet;
    const done = await bridge.run(node, [
      ...['ip', '-4', '-j', 'route', 'get', target, 'from', source, 'iif', inPort],
      ...['ipproto', protocol, 'sport', String(sourcePort), 'dport', String(targetPort)],
    ]);
    return done.status === 0 ? portsOfRoute(done.stdout) : [];
  },
  nextHop: (bridge, node, inPort, packet) =>
    nextHopOf(bridge, node, packet, [
      ...['from', packet.source, ...(inPort === null ? [] : ['iif', inPort])],
      ...['ipproto', packet.protocol, 'sport', String(packet.sourcePort)],
      ...['dport', String(packet.targetPort)],
    ]),
};

export default router;

/** The interface by which the kernel would send the packet; none where there is no route. Pure. */
export function portsOfRoute(shown: string): string[] {
  const read = readBoundedJson(shown, limits);
  const list = 'value' in read ? ways.safeParse(read.value) : null;
  if (!list?.success) return [];
  return list.data.flatMap(({ dev }) => (dev === undefined || dev === 'lo' ? [] : [dev]));
}
