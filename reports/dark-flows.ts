/** Which of the flows of a meter were dark, in words. */
import type { DirectionResult } from '../harness/model/result.js';
import { formatMs } from './format.js';

/** `20 of 40 flows dark, for 281 ms to 312 ms (median 300 ms)`; null = the meter has one flow. */
export function darkFlowsText({ flows }: DirectionResult): string | null {
  if (flows === undefined) return null;
  const { count, dark, open, shortestMs, medianMs, longestMs } = flows;
  const share = `${dark} of ${count} flows dark`;
  if (dark === 0) return share;
  const span =
    dark === 1
      ? `for ${formatMs(longestMs)}`
      : `for ${formatMs(shortestMs)} to ${formatMs(longestMs)} (median ${formatMs(medianMs)})`;
  const stayed = open === 0 ? '' : `; ${open} did not come back by themselves`;
  return `${share}, ${span}${stayed}`;
}
