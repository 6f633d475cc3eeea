/** What `tap/tap.py` prints, a JSON object a line. Pure. */
import * as z from 'zod';
import { readBoundedJson } from '../../bounded-json.js';

/** A message of a reported type; the longest is a handshake that lists a switch's ports. */
export const tapLineLimits = { characters: 1_000_000, depth: 8 };

const ns = z.number().nonnegative();
/** Far more messages than a second holds, and their sums can still be recorded. */
const count = z.number().int().nonnegative().max(1e12);

const message = z.object({
  atNs: ns,
  port: z.number().int(),
  switch: z.string(),
  version: z.number().int(),
  type: z.number().int(),
  xid: z.number().int(),
  body: z.string(),
});
const tally = z.object({
  atNs: ns,
  windowMs: z.number(),
  /** Packets for which the kernel had no room. */
  lost: count,
  counts: z.record(z.string(), z.record(z.string(), count)),
});
const ready = z.object({ atNs: ns, ready: z.literal(true) });
const lineShape = z.union([message, tally, ready]);

export type TapMessage = z.infer<typeof message>;
export type TapTally = z.infer<typeof tally>;

export type TapLine = z.infer<typeof lineShape>;

/** Reads one line; null when it is none of the tap's, as is the last one of a tap that was killed. */
export function readTapLine(line: string): TapLine | null {
  const json = readBoundedJson(line, tapLineLimits);
  if ('problem' in json) return null;
  const read = lineShape.safeParse(json.value);
  return read.success ? read.data : null;
}
