/** Numbers that iperf3 prints, read one by one; those that are none are collected. */
import { countOf, shownValue } from '../../../bounded-json.js';

/** A field that was not what it must be. */
export interface Unreadable {
  field: string;
  /** The first such value, as it was printed. */
  value: string;
  times: number;
}

/** Larger than any honest count of one row, and 128 such streams can still be summed up. */
const largestCount = 1e12;
const largestMs = 1e9;
/** iperf3 prints it for what the kernel did not report. */
const unknownToKernel = -1;

export class UnreadableValues {
  readonly #found = new Map<string, Unreadable>();

  /** A count; null when it is left out or not a count. */
  count(field: string, value: unknown): number | null {
    if (value === undefined || value === unknownToKernel) return null;
    const count = typeof value === 'number' ? countOf(value) : null;
    if (count !== null && count <= largestCount) return count;
    this.note(field, value);
    return null;
  }

  /** Milliseconds, from 0; null when left out or not a number. */
  milliseconds(field: string, value: unknown): number | null {
    if (value === undefined) return null;
    if (typeof value === 'number' && value >= 0 && value <= largestMs) return value;
    this.note(field, value);
    return null;
  }

  note(field: string, value: unknown): void {
    const found = this.#found.get(field) ?? { field, value: shownValue(value), times: 0 };
    found.times += 1;
    this.#found.set(field, found);
  }

  list(): Unreadable[] {
    return [...this.#found.values()];
  }
}
