/**
 * Finds the moment at which iperf3 moved its first data. Its output has no monotonic stamp, so the
 * process's own count of written bytes is watched: the exchange before a test is a few hundred
 * bytes, the first block of a test is more.
 */
import { readFileSync } from 'node:fs';
import { countOf } from '../../../bounded-json.js';

export interface FirstData {
  atNs: number;
  /** Half the time between the two looks that enclose it. */
  uncertaintyNs: number;
}

/** More than the exchange before a test writes. */
export const exchangeBytes = 1_000;
const lookEveryMs = 1;

/** Bytes that a process has written so far, by its own calls; null when it is gone. */
export function writtenBytes(pid: number): number | null {
  try {
    const match = /^wchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'));
    return countOf(match?.[1]);
  } catch {
    return null;
  }
}

/**
 * Resolves when the process has written more than the exchange; with null when it is gone or
 * `until` is aborted first.
 */
export async function firstData(
  pid: number,
  nowNs: () => number,
  until: AbortSignal,
): Promise<FirstData | null> {
  let beforeNs = nowNs();
  while (!until.aborted) {
    const lookNs = nowNs();
    const bytes = writtenBytes(pid);
    if (bytes === null) return null;
    if (bytes > exchangeBytes) {
      return { atNs: (beforeNs + lookNs) / 2, uncertaintyNs: (lookNs - beforeNs) / 2 };
    }
    beforeNs = lookNs;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return null;
}
