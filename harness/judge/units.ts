/** Conversions between the stamps of a history and the numbers of a result. */

export const NS_PER_MS = 1_000_000;

/** Rounded to a microsecond: finer digits of a real-time measurement mean nothing. */
export function roundMs(ms: number): number {
  const rounded = Math.round(ms * 1000) / 1000;
  return rounded === 0 ? 0 : rounded;
}

/** A span of nanoseconds in milliseconds, rounded. */
export function spanMs(spanNs: number): number {
  return roundMs(spanNs / NS_PER_MS);
}

/** Seconds for a sentence: three digits below ten seconds, one decimal above. */
export function secondsText(ms: number): string {
  if (ms < 1000) return `${trimZeros((ms / 1000).toFixed(3))} s`;
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
}

/** The middle value, or the mean of the two middle ones; null without values. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper;
  return (lower + upper) / 2;
}

/** The largest value; 0 without values. No spread: histories are longer than the call stack. */
export function largestOf(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, value);
  return largest;
}
