/** To which hardware address a machine sends a packet next, by its routes and its neighbour table. */
import * as z from 'zod';
import { readBoundedJson } from '../../bounded-json.js';
import type { TracedPacket } from '../../model/network/traced-path.js';
import type { BridgeClient } from '../mininet/client.js';

/** Of `ip -j route get`: without a gateway the target is in a subnet of the machine's own. */
const routes = z.array(z.object({ dev: z.string(), gateway: z.string().optional() })).min(1);
/** Of `ip -j neigh show`. */
const neighbours = z.array(z.object({ lladdr: z.string().optional() }));
const limits = { characters: 1024 * 1024, depth: 8 };

/**
 * Null where there is no route, or where the next hop's address has not been learnt.
 * @param arrival How the packet came to a machine that did not send it, in words of `ip route get`.
 */
export async function nextHopOf(
  bridge: BridgeClient,
  node: string,
  { target }: TracedPacket,
  arrival: readonly string[],
): Promise<string | null> {
  const shown = await bridge.run(node, ['ip', '-4', '-j', 'route', 'get', target, ...arrival]);
  const [route] = shown.status === 0 ? (readList(shown.stdout, routes) ?? []) : [];
  if (route === undefined) return null;
  const words = ['ip', '-4', '-j', 'neigh', 'show', route.gateway ?? target, 'dev', route.dev];
  const table = await bridge.run(node, words);
  const known = table.status === 0 ? readList(table.stdout, neighbours) : null;
  return known?.find(({ lladdr }) => lladdr !== undefined)?.lladdr ?? null;
}

function readList<List>(text: string, shape: z.ZodType<List>): List | null {
  const read = readBoundedJson(text, limits);
  const list = 'value' in read ? shape.safeParse(read.value) : null;
  return list?.success ? list.data : null;
}
