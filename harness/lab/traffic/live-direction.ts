/** What is known of one direction of a meter while it runs. For waiting, not for judging. */
import type { MeterReceived } from './meter-protocol.js';

export interface LastGood {
  sequence: number;
  txNs: number;
  rxNs: number;
}

/**
 * Arrivals are reported every 100 ms; silence longer than this means that probes are missing which
 * no arrival has shown yet.
 */
const shortestSilenceNs = 300_000_000;
/** A sparse meter is silent when two of its probes are missing, and the report of them is due. */
const reportedWithinNs = 200_000_000;

/** Follows the arrivals of one direction. */
export class LiveDirection {
  #highest = -1;
  #received = 0;
  #last: LastGood | null = null;
  #cleanFromNs: number | null = null;
  readonly #silenceNs: number;

  /** Holes up to `toleratedHoleNs` long are the loss that the scenario asks for, not trouble. */
  readonly #toleratedHoleNs: number;

  constructor(toleratedHoleNs = 0, intervalNs = 0) {
    this.#toleratedHoleNs = toleratedHoleNs;
    this.#silenceNs = Math.max(shortestSilenceNs, 2 * intervalNs + reportedWithinNs);
  }

  /** Take in one report of arrivals. */
  add(report: MeterReceived): void {
    for (const [first, count, firstTxNs, lastTxNs] of report.ranges) {
      const end = first + count - 1;
      const holeNs = firstTxNs - (this.#last?.txNs ?? 0);
      if (first !== this.#highest + 1 && holeNs > this.#toleratedHoleNs) {
        // A late packet from before the latest hole must not hide that hole.
        this.#cleanFromNs = Math.max(this.#cleanFromNs ?? 0, firstTxNs);
      }
      this.#cleanFromNs ??= firstTxNs;
      this.#received += count;
      if (end > this.#highest) {
        this.#highest = end;
        this.#last = { sequence: end, txNs: lastTxNs, rxNs: report.lastRxNs };
      }
    }
  }

  /** The arrival with the highest number so far. */
  lastGood(): LastGood | null {
    return this.#last;
  }

  /**
   * Send stamp of the first probe since which all have arrived in order; null when none has
   * arrived, or nothing lately.
   */
  cleanSinceNs(nowNs: number): number | null {
    if (this.#last === null || nowNs - this.#last.rxNs > this.#silenceNs) return null;
    return this.#cleanFromNs;
  }

  /** Numbers below the highest that arrived which have not arrived themselves. */
  lostTotal(): number {
    return this.#highest + 1 - this.#received;
  }
}
