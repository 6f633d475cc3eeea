/** What TCP would do with an outage of a given length. */
import type { Prediction } from '../model/result.js';
import { roundMs } from './units.js';

const RTO_MINIMUM_MS = 200;
const RTO_MAXIMUM_MS = 120_000;

export interface StallPrediction {
  predictedStallMs: number | null;
  prediction: Prediction;
}

/**
 * TCP resumes at the first retransmission that finds the path open. Timeouts double (RFC 6298
 * §5.5) from about round-trip time + 200 ms (Linux), so retransmission k leaves
 * (RTO) · (2^k - 1) after the last good packet.
 */
export function predictStall(
  outageMs: number | null,
  roundTripMs: number,
  untilHeal = false,
): StallPrediction {
  if (outageMs === null) {
    return { predictedStallMs: null, prediction: { forecast: 'none', untilHeal } };
  }
  if (outageMs <= 0) return { predictedStallMs: 0, prediction: { forecast: 'no-stall' } };
  let timeoutMs = RTO_MINIMUM_MS + roundTripMs;
  let tickMs = timeoutMs;
  let tries = 1;
  while (tickMs < outageMs) {
    timeoutMs = Math.min(timeoutMs * 2, RTO_MAXIMUM_MS);
    tickMs += timeoutMs;
    tries += 1;
  }
  return {
    predictedStallMs: roundMs(tickMs),
    prediction: { forecast: 'retransmission', number: tries, outageMs, afterMs: tickMs },
  };
}

/**
 * The longest stall that an outage leaves: the last timeout began before its end, and is at most as
 * long as all before it and the first one together (2 · outage + first timeout).
 */
export function longestStallAfterMs(outageMs: number, roundTripMs: number): number {
  return 2 * outageMs + RTO_MINIMUM_MS + roundTripMs;
}
