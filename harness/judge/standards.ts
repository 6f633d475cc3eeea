/** The same readings under the names that standards give them. */

import type { DirectionResult, Standards } from '../model/result.js';
import { worstOutage } from './outage.js';
import { thresholds } from './thresholds.js';
import { roundMs } from './units.js';

export interface Pair {
  forward: DirectionResult;
  reverse: DirectionResult;
}

/**
 * RFC 6414 failover and reversion (§3.5.1 packet loss, §3.6.3 time by timestamps), RFC 8456 §5.4.2
 * re-provisioning time (mean of both directions' disruption; the maximum beside it), and the method
 * and accuracy that RFC 6413 §6 wants reported. With an even pace I the outage lies in
 * (reading - 2 I, reading].
 */
export function inStandardsWords(
  failover: Pair,
  reversion: Pair | null,
  sustainedMs: number,
): Standards {
  const { forward, reverse } = failover;
  const intervalMs = Math.max(forward.resolutionMs, reverse.resolutionMs);
  return {
    rfc6414: {
      failoverTimeMs: worstOutage([forward, reverse]).outageMs,
      failoverPacketLoss: forward.packetsLost + reverse.packetsLost,
      reversionTimeMs: reversion
        ? worstOutage([reversion.forward, reversion.reverse]).outageMs
        : null,
      reversionPacketLoss: reversion
        ? reversion.forward.packetsLost + reversion.reverse.packetsLost
        : null,
      additiveBackupDelayMs: forward.additiveBackupDelayMs,
      method: 'TBM',
    },
    rfc8456: {
      forwardDisruptionMs: forward.outageMs,
      reverseDisruptionMs: reverse.outageMs,
      maximumMs: worstOutage([forward, reverse]).outageMs,
      reprovisioningTimeMs:
        forward.outageMs === null || reverse.outageMs === null
          ? null
          : roundMs((forward.outageMs + reverse.outageMs) / 2),
      lostForward: forward.packetsLost,
      lostReverse: reverse.packetsLost,
    },
    rfc6413: {
      method: 'sequence numbers and send stamps (TBM), checked by lost packets (PLBM)',
      accuracyMs: { low: roundMs(-2 * intervalMs), high: 0 },
      packetSamplingIntervalMs: intervalMs,
      sustainedValidationMs: sustainedMs,
      forwardingDelayThresholdMs: thresholds.forwardingDelayMs,
    },
  };
}
