/** Of a network that is watched between two machines of its own. */
import * as z from 'zod';
import { base, ns } from './fields.js';

export const watchEvents = [
  /** One end of the meter, on its machine. */
  z.object({
    ...base,
    kind: z.literal('watch.end'),
    /** The node's name in the scenario. */
    end: z.string(),
    /** The machine's own name. */
    host: z.string(),
    address: z.string(),
    python: z.string(),
    kernel: z.string(),
    /** Its CLOCK_MONOTONIC and this machine's, minus one another: all its stamps were moved by it. */
    offsetNs: z.number(),
    /** Half the shortest way there and back. Differences of its own stamps are not affected. */
    uncertaintyNs: ns,
    /** Its wall clock minus this machine's. */
    wallOffsetMs: z.number(),
  }),
  /** The way by which an end is spoken with broke, or is back. The end went on meanwhile. */
  z.object({ ...base, kind: z.literal('watch.way'), end: z.string(), up: z.boolean() }),
  /** Something that a person or a program marked. */
  z.object({
    ...base,
    kind: z.literal('mark'),
    text: z.string(),
    by: z.enum(['key', 'command']),
  }),
] as const;
