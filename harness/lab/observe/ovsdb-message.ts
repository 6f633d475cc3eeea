/** Messages of an Open vSwitch database (RFC 7047), cut out of its stream and checked. Pure. */
import * as z from 'zod';
import { readBoundedJson } from '../../bounded-json.js';

const row = z.record(z.string(), z.unknown());
const rowUpdate = z.object({ old: row.optional(), new: row.optional() });
const tables = z.record(z.string(), z.record(z.string(), rowUpdate));
const updateMessage = z.object({
  method: z.literal('update'),
  params: z.tuple([z.unknown(), tables]),
});
const replyMessage = z.object({ id: z.literal('monitor'), result: tables });
const echoMessage = z.object({ method: z.literal('echo') });

/** The id of the one request that is made: the monitor's. */
export const monitorId = 'monitor';

export const messageLimits = { characters: 16 * 1024 * 1024, depth: 64 } as const;

export type RowUpdate = z.infer<typeof rowUpdate>;
export type OvsdbMessage =
  | { kind: 'echo' }
  /** `first`: the answer to the request, with everything as it is. */
  | { kind: 'tables'; first: boolean; tables: z.infer<typeof tables> };

/** Reads one message; null for what is not needed here or is not a message. Never throws. */
export function readOvsdbMessage(raw: string): OvsdbMessage | null {
  const read = readBoundedJson(raw, messageLimits);
  if (!('value' in read)) return null;
  if (echoMessage.safeParse(read.value).success) return { kind: 'echo' };
  const update = updateMessage.safeParse(read.value);
  if (update.success) return { kind: 'tables', first: false, tables: update.data.params[1] };
  const reply = replyMessage.safeParse(read.value);
  return reply.success ? { kind: 'tables', first: true, tables: reply.data.result } : null;
}

/** An OVSDB map, `["map", [[key, value], …]]` (RFC 7047 §5.1); empty for anything else. */
export function mapOf(value: unknown): Map<string, string> {
  if (!Array.isArray(value) || value[0] !== 'map' || !Array.isArray(value[1])) return new Map();
  const pairs = value[1].filter((pair): pair is unknown[] => Array.isArray(pair));
  return new Map(pairs.map(([key, field]) => [wordOf(key), wordOf(field)]));
}

/** A scalar as text; empty for anything else. */
export function wordOf(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}

/** OVSDB sends JSON values with nothing between them: split where the outermost brace closes. */
export function splitJson(text: string): { messages: string[]; rest: string } {
  const messages: string[] = [];
  let depth = 0;
  let start = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) {
      messages.push(text.slice(start, at + 1).trim());
      start = at + 1;
    }
  }
  return { messages, rest: text.slice(start) };
}
