/** The words that all reports share for the parts of a result. */
import type { Phases, TrialResult, Verdict } from '../harness/analysis/result.js';

export interface Endpoints {
  from: string;
  to: string;
}

/** Names of the two ends of the headline meter; `forward` is from → to. */
export function endpointsOf(trial: TrialResult): Endpoints | null {
  const network = trial.episodes.find((episode) => episode.networks.length > 0)?.networks[0];
  return network === undefined ? null : { from: network.from, to: network.to };
}

export type PhaseKey = keyof Phases;

/** Phases in the order in which a recovery goes through them. */
export const phaseOrder: readonly PhaseKey[] = [
  'detectedMs',
  'controllerToldMs',
  'firstFlowChangeMs',
  'lastFlowChangeMs',
  'firstPacketForwardMs',
  'firstPacketReverseMs',
  'tcpMovingMs',
  'tcp90Ms',
];

/** What each phase is called; the two directions carry the ends' names. */
export function phaseLabel(phase: PhaseKey, ends: Endpoints | null): string {
  switch (phase) {
    case 'detectedMs':
      return 'detected';
    case 'controllerToldMs':
      return 'controller told';
    case 'firstFlowChangeMs':
      return 'first flow change';
    case 'lastFlowChangeMs':
      return 'last flow change';
    case 'firstPacketForwardMs':
      return `first packet ${directionLabel('forward', ends)}`;
    case 'firstPacketReverseMs':
      return `first packet ${directionLabel('reverse', ends)}`;
    case 'tcpMovingMs':
      return 'TCP moving';
    case 'tcp90Ms':
      return 'TCP at 90 %';
  }
}

export function directionLabel(direction: 'forward' | 'reverse', ends: Endpoints | null): string {
  if (ends === null) return direction;
  return direction === 'forward' ? `${ends.from} → ${ends.to}` : `${ends.to} → ${ends.from}`;
}

/** One phase of a recovery as a stretch of time after the fault. */
export interface PhaseStretch {
  phase: PhaseKey;
  /** End of the phases before it that were seen, or its own stamp if that was earlier. */
  startMs: number;
  /** The phase's own stamp; null = nobody saw this phase, and it is never guessed. */
  endMs: number | null;
  /** Its stamp lies before the end of a phase before it: it happened while that one lasted. */
  meanwhile: boolean;
}

/**
 * Phases one after the other. A phase's stretch begins where the latest one before it ended, so
 * the lengths add up to the latest stamp; a phase that nobody saw, or that came earlier than one
 * before it (a packet got through while flows were still being changed), takes no time from it.
 */
export function phaseStretches(phases: Phases): PhaseStretch[] {
  let reachedMs = 0;
  return phaseOrder.map((phase) => {
    const stamp = phases[phase];
    if (stamp === null) return { phase, startMs: reachedMs, endMs: null, meanwhile: false };
    const meanwhile = stamp < reachedMs;
    const startMs = Math.min(reachedMs, stamp);
    reachedMs = Math.max(reachedMs, stamp);
    return { phase, startMs, endMs: stamp, meanwhile };
  });
}

/** The word of a verdict where it stands alone. */
export function verdictWord(verdict: Verdict): string {
  return verdict === 'pass' ? 'PASS' : verdict === 'fail' ? 'FAIL' : 'INCONCLUSIVE';
}
