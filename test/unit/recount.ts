/**
 * Counts a recorded history anew, from its bare lines: which numbers were sent, which arrived, and
 * what is missing between. It shares no code with the analysis that it checks.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** Consecutive numbers that never arrived. */
export interface Hole {
  first: number;
  packets: number;
  /** Send stamps of the last number that arrived before, and of the first one after. */
  goodBeforeNs: number;
  /** Null = none arrived after. */
  goodAfterNs: number | null;
}

export interface Line extends Record<string, unknown> {
  kind: string;
  atNs: number;
}

/** The text of a recorded history of test/fixtures/recorded. */
export function recordedText(name: string): string {
  const path = fileURLToPath(new URL(`../fixtures/recorded/${name}.ndjson.gz`, import.meta.url));
  return gunzipSync(readFileSync(path)).toString('utf8');
}

/** Its lines of one kind. */
export function linesOf(text: string, kind: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.kind === kind);
}

/** The holes of one direction of the only meter, ascending, whenever they were. */
export function holesOf(text: string, direction: 'forward' | 'reverse'): Hole[] {
  const mine = (line: Line) => line.direction === direction;
  const sent = linesOf(text, 'meter.sent').filter(mine);
  const highest = Math.max(...sent.map((line) => Number(line.firstSequence) + Number(line.count)));
  const arrived = new Uint8Array(highest);
  const stampNs = new Map<number, number>();
  for (const line of linesOf(text, 'meter.received').filter(mine)) {
    for (const [first, count, firstNs, lastNs] of line.ranges as Array<
      [number, number, number, number]
    >) {
      arrived.fill(1, first, first + count);
      stampNs.set(first, firstNs);
      stampNs.set(first + count - 1, lastNs);
    }
  }
  const holes: Hole[] = [];
  for (let at = 0; at < highest; at += 1) {
    if (arrived[at] === 1) continue;
    let end = at;
    while (end < highest && arrived[end] === 0) end += 1;
    holes.push({
      first: at,
      packets: end - at,
      goodBeforeNs: stampNs.get(at - 1) ?? Number.NaN,
      goodAfterNs: end < highest ? (stampNs.get(end) ?? Number.NaN) : null,
    });
    at = end;
  }
  return holes;
}

/** From the last good number before a hole to the first good one after, in milliseconds. */
export function lengthMs(hole: Hole | undefined): number {
  if (!hole || hole.goodAfterNs === null) return Number.NaN;
  return (hole.goodAfterNs - hole.goodBeforeNs) / 1e6;
}

export function packetsIn(holes: readonly Hole[]): number {
  return holes.reduce((sum, hole) => sum + hole.packets, 0);
}

/** Holes that began between two stamps. */
export function between(holes: readonly Hole[], fromNs: number, toNs: number): Hole[] {
  return holes.filter((hole) => hole.goodBeforeNs >= fromNs && hole.goodBeforeNs < toNs);
}

export function longestOf(holes: readonly Hole[]): Hole | undefined {
  return [...holes].sort((a, b) => b.packets - a.packets)[0];
}
