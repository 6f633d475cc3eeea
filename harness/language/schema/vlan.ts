/** The shape of a link's VLANs, as they are written. */
import * as z from 'zod';
import { type ResolvedVlan, vlanBounds } from '../../model/resolved/vlan.js';
import { shown } from '../../model/units.js';
import { strict, whole } from './fields.js';

const number = whole('a VLAN', vlanBounds.min, vlanBounds.max);
const trunk = strict('a trunk', {
  trunk: z.array(number, { error: ({ input }) => `must be a list of VLANs, got ${shown(input)}` }),
  native: number.optional(),
});
const tagged = strict('a tagged VLAN', { tagged: number });

/** `10`, `{ trunk: [10, 20], native: 1 }` or `{ tagged: 10 }`. */
export const vlan = z.unknown().transform((written, context): ResolvedVlan => {
  const wrong = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const isObject = typeof written === 'object' && written !== null;
  if (isObject && 'trunk' in written) {
    const { data, error } = trunk.safeParse(written);
    if (data === undefined) return wrong(error.issues[0]?.message ?? '');
    return { mode: 'trunk', ids: [...new Set(data.trunk)], native: data.native ?? null };
  }
  if (isObject && 'tagged' in written) {
    const { data, error } = tagged.safeParse(written);
    if (data === undefined) return wrong(error.issues[0]?.message ?? '');
    return { mode: 'tagged', id: data.tagged };
  }
  if (isObject) return wrong('must be a number, { trunk: [10, 20], native: 1 } or { tagged: 10 }');
  const { data, error } = number.safeParse(written);
  if (data === undefined) return wrong(error.issues[0]?.message ?? '');
  return { mode: 'access', id: data };
});
