/** What `ip -j link show` says of one interface. Pure. */
import { z } from 'zod';
import { readBoundedJson } from '../bounded-json.js';

const linkList = z.tuple([z.object({ flags: z.array(z.string()) })]);
const limits = { characters: 1024 * 1024, depth: 16 };

/**
 * Whether the interface has carrier as everybody is told it (IFF_RUNNING), not only its driver
 * (IFF_LOWER_UP); null when it cannot be read.
 */
export function hasCarrierIn(text: string): boolean | null {
  const read = readBoundedJson(text, limits);
  const list = 'value' in read ? linkList.safeParse(read.value) : null;
  if (!list?.success) return null;
  const [{ flags }] = list.data;
  return flags.includes('LOWER_UP') && !flags.includes('NO-CARRIER');
}
