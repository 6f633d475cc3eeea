/** The shape of a bond, as it is written. */
import * as z from 'zod';
import { duration, names, strict, text, word } from './fields.js';
import { vlan } from './vlan.js';

const everyBounds = { min: 1, max: 60_000 };

/** @param wires What each of its links can have. */
export function bondSchema<Wires extends z.core.$ZodLooseShape>(wires: Wires) {
  return strict('a bond', {
    ...wires,
    kind: z.literal('bond'),
    host: text,
    to: names,
    id: text.optional(),
    carrier: word(['seen', 'hidden']).optional(),
    vlan: vlan.optional(),
    mode: word(['active-backup', 'lacp']).optional(),
    primary: text.optional(),
    miimon: duration(everyBounds).optional(),
    downDelay: duration({ max: 60_000 }).optional(),
    upDelay: duration({ max: 60_000 }).optional(),
    arp: strict('an ARP monitor', { target: text, every: duration(everyBounds) }).optional(),
    rate: word(['slow', 'fast']).optional(),
  });
}
