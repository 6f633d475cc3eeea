/** How far the clock of another machine is from this one's, by asking it. Pure but for its stamps. */

/** One question and its answer: CLOCK_MONOTONIC here before and after, and there in between. */
export interface ClockReading {
  askedNs: number;
  answeredNs: number;
  thereNs: number;
}

export interface ClockOffset {
  /** To be added to a stamp of that machine. */
  offsetNs: number;
  /** The offset is wrong by no more. */
  uncertaintyNs: number;
}

/** By the fastest answer: what took longest on its way may have waited on one side alone. */
export function offsetOf(readings: readonly ClockReading[]): ClockOffset {
  const ways = readings.map(({ askedNs, answeredNs, thereNs }) => ({
    offsetNs: Math.round((askedNs + answeredNs) / 2 - thereNs),
    uncertaintyNs: Math.ceil((answeredNs - askedNs) / 2),
  }));
  const [best] = ways.sort((a, b) => a.uncertaintyNs - b.uncertaintyNs);
  if (!best) throw new RangeError('No reading of the clock.');
  return best;
}
