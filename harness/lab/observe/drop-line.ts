/** What `drops/watch_drops.py` prints, a JSON object a line. Pure. */
import * as z from 'zod';
import { readBoundedJson } from '../../bounded-json.js';
import { machineDrop } from '../../model/history/events.js';

/** The longest lists every socket of a large network. */
export const dropLineLimits = { characters: 1_000_000, depth: 6 };

const ready = z.object({
  atNs: z.number(),
  ready: z.literal(true),
  problem: z.string().nullable(),
});
const span = z.object({ sinceNs: z.number(), atNs: z.number(), drops: z.array(machineDrop) });
const lineShape = z.union([ready, span]);

/** Reads one line; null when it is none of the watch's, as is the last one of a killed process. */
export function readDropLine(line: string): z.infer<typeof lineShape> | null {
  const json = readBoundedJson(line, dropLineLimits);
  if ('problem' in json) return null;
  const read = lineShape.safeParse(json.value);
  return read.success ? read.data : null;
}
