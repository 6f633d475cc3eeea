/** What `ip -j link show` says of one interface. Pure. */
import * as z from 'zod';
import { readBoundedJson } from '../../bounded-json.js';

const linkList = z.tuple([z.object({ flags: z.array(z.string()), linkmode: z.string() })]);
const limits = { characters: 1024 * 1024, depth: 16 };

export interface LinkState {
  /** As all programs see it (IFF_RUNNING), not only the driver (IFF_LOWER_UP). */
  carrier: boolean;
  /** Kept without carrier although it be set up (RFC 2863 §3.1.14). */
  dormant: boolean;
}

/** Null when it cannot be read. */
export function linkStateIn(text: string): LinkState | null {
  const read = readBoundedJson(text, limits);
  const list = 'value' in read ? linkList.safeParse(read.value) : null;
  if (!list?.success) return null;
  const [{ flags, linkmode }] = list.data;
  const carrier = flags.includes('LOWER_UP') && !flags.includes('NO-CARRIER');
  return { carrier, dormant: linkmode === 'DORMANT' };
}
