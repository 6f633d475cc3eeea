/** The only place that reads a clock: CLOCK_MONOTONIC, in nanoseconds. */
export function nowNs(): number {
  return Number(process.hrtime.bigint());
}

/** Wall time, for a run's header and folder name only. */
export function wallTime(): Date {
  return new Date();
}
