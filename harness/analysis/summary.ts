/** What several trials say together, in the words of `result.json`. */
import type { Summary } from './result.js';
import { medianWithInterval } from './statistics/index.js';
import { roundMs } from './units.js';

/**
 * Minimum, median, maximum and the order-statistic 95 % interval of the median (six readings or
 * more). A censored reading (null) ranks above every number, so a median or a limit that falls on
 * one is null itself.
 */
export function summarize(readings: readonly (number | null)[]): Summary {
  const { n, censored, min, median, max, ci95 } = medianWithInterval(readings);
  const rounded = (reading: number | null): number | null =>
    reading === null ? null : roundMs(reading);
  return {
    n,
    censored,
    min: rounded(min),
    median: rounded(median),
    max: rounded(max),
    ci95: ci95 && [rounded(ci95[0]), rounded(ci95[1])],
  };
}
