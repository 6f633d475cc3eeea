/** The record of one executed trial, compressed for the way back. */
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { readBoundedJson } from '../../bounded-json.js';
import { LabError } from '../../errors.js';
import { endError } from '../../model/history/events/fields.js';
import { historyBounds } from '../../model/history/line.js';

export const farRecord = z.strictObject({
  /** Names this time that the trial was executed. */
  execution: z.string().max(80),
  /** The machine that executed it, as it calls itself. */
  machine: z.string().max(200),
  /** The events, each a line of a history without its newline. */
  lines: z.array(z.string()),
  /** The last part of each log, by its path below logs/. */
  logs: z.record(z.string(), z.string()),
  end: z.strictObject({ reason: z.enum(['completed', 'interrupted', 'failed']), error: endError }),
  /** What the trial left on that machine. */
  leftovers: z.array(z.string().max(1000)).max(10_000),
  /** From the job to its record, by that machine's clock, in milliseconds. */
  tookMs: z.number().nonnegative(),
});

export type FarRecord = z.infer<typeof farRecord>;

/** A record of a trial takes a tenth of it; what unpacks to more is refused. */
const unpackedBytesMax = 256 * 1024 * 1024;
/** Characters of a packed record, as a line may hold it. */
export const packedCharactersMax = 64 * 1024 * 1024;

/** gzip, in base64. */
export function pack(record: FarRecord): string {
  return gzipSync(JSON.stringify(record)).toString('base64');
}

/** Throws RECORD_UNREADABLE for what is not a packed record, or is too large. */
export function unpack(packed: string): FarRecord {
  let text: string;
  try {
    const bytes = Buffer.from(packed, 'base64');
    text = gunzipSync(bytes, { maxOutputLength: unpackedBytesMax }).toString('utf8');
  } catch (cause) {
    throw unreadable('cannot be unpacked', cause);
  }
  const read = readBoundedJson(text, { characters: unpackedBytesMax, depth: historyBounds.depth });
  if ('problem' in read) throw unreadable(`is ${read.problem}`, read.cause);
  const parsed = farRecord.safeParse(read.value);
  if (parsed.success) return parsed.data;
  throw unreadable(`is not a record:\n${z.prettifyError(parsed.error)}`);
}

function unreadable(why: string, cause?: unknown): LabError {
  return new LabError('RECORD_UNREADABLE', `The record from another machine ${why}.`, { cause });
}
