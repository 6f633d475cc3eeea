/** A plain Linux bridge of the kernel, on a machine of its own. */
import * as z from 'zod';
import { nodeFacts } from '../node-facts.js';

export default nodeFacts({
  kind: 'linux-bridge',
  traits: ['forwards', 'loses-power'],
  fields: {
    /** The kernel's spanning tree (IEEE 802.1D). */
    stp: z.boolean(),
    /** The bridge with the smallest becomes the root. */
    priority: z.number().int().min(0).max(65_535),
    /** How long a port listens, and how long it learns, before it forwards. */
    forwardDelayMs: z.number().nonnegative(),
    /** How long what a neighbour announced is believed without being announced again. */
    maxAgeMs: z.number().positive(),
    /** How long an address of which no packet is seen is kept. */
    ageingMs: z.number().positive().default(300_000),
  },
});
