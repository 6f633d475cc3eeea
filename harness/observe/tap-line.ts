/** What `tap/tap.py` prints, a JSON object a line. Pure. */
import { z } from 'zod';
import { readBoundedJson } from '../bounded-json.js';

/** A message of a told type; the longest is a handshake that lists a switch's ports. */
const limits = { characters: 1_000_000, depth: 8 };

const message = z.object({
  atNs: z.number(),
  port: z.number().int(),
  switch: z.string(),
  version: z.number().int(),
  type: z.number().int(),
  xid: z.number().int(),
  body: z.string(),
});
const tally = z.object({
  atNs: z.number(),
  windowMs: z.number(),
  /** Packets for which the kernel had no room. */
  lost: z.number().int(),
  counts: z.record(z.string(), z.record(z.string(), z.number().int())),
});
const ready = z.object({ atNs: z.number(), ready: z.literal(true) });
const lineShape = z.union([message, tally, ready]);

export type TapMessage = z.infer<typeof message>;
export type TapTally = z.infer<typeof tally>;

/** Reads one line; null when it is none of the tap's, as is the last one of a tap that was killed. */
export function readTapLine(line: string): z.infer<typeof lineShape> | null {
  const json = readBoundedJson(line, limits);
  if ('problem' in json) return null;
  const read = lineShape.safeParse(json.value);
  return read.success ? read.data : null;
}
