/** A Linux bridge sends a packet where it learnt its address, once its ports have left the tree's delays. */
import * as z from 'zod';
import { readBoundedJson } from '../../bounded-json.js';
import type { NodeDefinition } from './node.js';

/** Of `bridge fdb show`: entries of the kernel's own are permanent. */
const learnt = z.array(
  z.object({ mac: z.string(), ifname: z.string(), state: z.string().optional() }),
);
/** Of `ip -details link show`; some versions print an empty object for each link left out. */
const ports = z.array(
  z.object({
    ifname: z.string().optional(),
    linkinfo: z.object({ info_slave_data: z.object({ state: z.string() }) }).optional(),
  }),
);
const limits = { characters: 4 * 1024 * 1024, depth: 16 };
const device = 'br0';

const linuxBridge: NodeDefinition = {
  async outputs(bridge, node, _inPort, packet, warn) {
    const shown = await bridge.run(node, ['bridge', '-j', 'fdb', 'show', 'br', device]);
    const found = shown.status === 0 ? portsOfAddress(shown.stdout, packet.targetMac) : null;
    if (found === null) warn({ code: 'addresses-unreadable', data: { node } });
    return found ?? [];
  },
  async settled(bridge, node) {
    const shown = await bridge.run(node, ['ip', '-d', '-j', 'link', 'show', 'master', device]);
    const waiting = shown.status === 0 ? unsettledPorts(shown.stdout) : null;
    const data = waiting ? { ports: waiting, unreadable: [] } : { ports: [], unreadable: [node] };
    return { ok: waiting?.length === 0, detail: { code: 'settling', data } };
  },
};

export default linuxBridge;

/** The ports at which an address was learnt; null when the table cannot be read. Pure. */
export function portsOfAddress(table: string, mac: string): string[] | null {
  const entries = readList(table, learnt);
  if (entries === null) return null;
  const wanted = mac.toLowerCase();
  const found = entries.filter((entry) => entry.mac === wanted && entry.state !== 'permanent');
  return [...new Set(found.map(({ ifname }) => ifname))];
}

/** Each port that will forward or learn later, with its state; null as above. Pure. */
export function unsettledPorts(shown: string): Array<{ port: string; state: string }> | null {
  const list = readList(shown, ports);
  if (list === null) return null;
  return list.flatMap(({ ifname = '', linkinfo }) => {
    const state = linkinfo?.info_slave_data.state;
    return state === 'listening' || state === 'learning' ? [{ port: ifname, state }] : [];
  });
}

function readList<List>(text: string, shape: z.ZodType<List>): List | null {
  const read = readBoundedJson(text, limits);
  const list = 'value' in read ? shape.safeParse(read.value) : null;
  return list?.success ? list.data : null;
}
