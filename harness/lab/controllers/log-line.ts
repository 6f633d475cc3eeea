/** The lines that a controller prints, which may be any program's: bounded before believed. Pure. */
import * as z from 'zod';
import { readBoundedJson } from '../../bounded-json.js';

/** A deeper or longer line would make a history that its own reader refuses. */
export const logLineLimits = { characters: 64 * 1024, depth: 32 } as const;

/** JSON lines a controller writes on its standard output. */
const jsonLine = z
  .object({ atNs: z.number().nonnegative(), event: z.string() })
  .catchall(z.unknown());

export interface ControllerLine {
  atNs: number;
  event: string;
  fields: Record<string, unknown>;
}

/** A line of the form `{"atNs": …, "event": …, …}`; null for every other. Never throws. */
export function readControllerLine(line: string): ControllerLine | null {
  if (!line.startsWith('{')) return null;
  const read = readBoundedJson(line, logLineLimits);
  const entry = 'value' in read ? jsonLine.safeParse(read.value) : null;
  if (!entry?.success) return null;
  const { atNs, event, ...fields } = entry.data;
  return { atNs, event, fields };
}
