/** What is to be seen of outages while a watch goes on. Pure: lines in, sightings out. */
import type { Direction } from '../model/history/events.js';
import type { SentOrReceived } from './end-lines.js';

export type Sighting =
  | { kind: 'dark'; direction: Direction; sinceNs: number }
  | { kind: 'back'; direction: Direction; atNs: number; outageMs: number; announced: boolean };

/** Shorter holes are shown in the report alone. */
const shownMs = 20;
/** Reports come every 100 ms; without an arrival in two of them it is dark now. */
const darkAfterMs = 250;

/** One direction, seen by the end that receives it. Stamps are of one clock. */
export class LiveOutage {
  readonly #direction: Direction;
  readonly #intervalNs: number;
  #next = -1;
  #lastTxNs = 0;
  #lastRxNs = 0;
  #dark = false;

  constructor(direction: Direction, rateHz: number) {
    this.#direction = direction;
    this.#intervalNs = 1e9 / rateHz;
  }

  /** A line of the receiving end. */
  see(line: SentOrReceived): Sighting[] {
    return line.kind === 'meter.sent' ? this.#look(line.atNs) : this.#arrived(line);
  }

  #look(atNs: number): Sighting[] {
    const silentNs = atNs - this.#lastRxNs;
    const enoughNs = darkAfterMs * 1e6 + 2 * this.#intervalNs;
    if (this.#dark || this.#lastRxNs === 0 || silentNs < enoughNs) return [];
    this.#dark = true;
    return [{ kind: 'dark', direction: this.#direction, sinceNs: this.#lastTxNs }];
  }

  #arrived(line: Extract<SentOrReceived, { kind: 'meter.received' }>): Sighting[] {
    const sightings: Sighting[] = [];
    for (const [first, count, firstTxNs, lastTxNs] of line.ranges) {
      if (first + count <= this.#next) continue;
      const outageMs = (firstTxNs - this.#lastTxNs) / 1e6;
      if (this.#next >= 0 && first > this.#next && (this.#dark || outageMs >= shownMs)) {
        const announced = this.#dark;
        const direction = this.#direction;
        sightings.push({ kind: 'back', direction, atNs: firstTxNs, outageMs, announced });
      }
      this.#dark = false;
      this.#next = first + count;
      this.#lastTxNs = lastTxNs;
    }
    if (line.lastRxNs > 0) this.#lastRxNs = line.lastRxNs;
    return sightings;
  }
}
