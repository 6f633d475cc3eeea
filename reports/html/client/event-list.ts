/**
 * The history in memory: one line of JSON an event, read piece by piece so that the page stays
 * usable, and parsed only where a row is shown.
 */
import { breath, unpackedStream } from './unpack.js';

export interface EventFilter {
  kind: string;
  text: string;
  trial: number | null;
  /** Monotonic nanoseconds, or null for all time. */
  window: [number, number] | null;
}

/** Longest stretch of work between two breaths. */
const sliceMs = 12;

function numberAfter(line: string, name: string): number {
  const at = line.indexOf(name);
  return at < 0
    ? Number.NaN
    : Number.parseFloat(line.slice(at + name.length, at + name.length + 24));
}

export class EventList {
  readonly lines: string[] = [];
  readonly kinds: number[] = [];
  readonly kindNames: string[] = [];
  readonly atNs: number[] = [];
  readonly trials: number[] = [];
  readonly #kindIndex = new Map<string, number>();

  /** Reads all lines; `onGrowth` is called now and then. */
  async read(onGrowth: () => void): Promise<void> {
    const reader = unpackedStream('event-data').getReader();
    let rest = '';
    let began = performance.now();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#add(line);
      if (performance.now() - began > sliceMs) {
        onGrowth();
        await breath();
        began = performance.now();
      }
    }
    if (rest !== '') this.#add(rest);
    onGrowth();
  }

  /** Indices of the lines that fit; null when another filter was asked for meanwhile. */
  async matching(filter: EventFilter, stillWanted: () => boolean): Promise<number[] | null> {
    const kind = filter.kind === '' ? -1 : (this.#kindIndex.get(filter.kind) ?? -2);
    const text = filter.text.toLowerCase();
    const found: number[] = [];
    let began = performance.now();
    for (let index = 0; index < this.lines.length; index += 1) {
      if (this.#fits(index, kind, text, filter)) found.push(index);
      if (index % 256 === 0 && performance.now() - began > sliceMs) {
        await breath();
        if (!stillWanted()) return null;
        began = performance.now();
      }
    }
    return found;
  }

  #fits(index: number, kind: number, text: string, { trial, window }: EventFilter): boolean {
    if (kind !== -1 && this.kinds[index] !== kind) return false;
    if (trial !== null && this.trials[index] !== trial) return false;
    const atNs = this.atNs[index] ?? 0;
    if (window && (atNs < window[0] || atNs > window[1])) return false;
    return text === '' || (this.lines[index] ?? '').toLowerCase().includes(text);
  }

  #add(line: string): void {
    const at = line.indexOf('"kind":"') + 8;
    const name = at < 8 ? 'unknown' : line.slice(at, line.indexOf('"', at));
    let kind = this.#kindIndex.get(name);
    if (kind === undefined) {
      kind = this.kindNames.length;
      this.#kindIndex.set(name, kind);
      this.kindNames.push(name);
    }
    this.lines.push(line);
    this.kinds.push(kind);
    this.atNs.push(numberAfter(line, '"atNs":'));
    this.trials.push(numberAfter(line, '"trial":'));
  }
}
