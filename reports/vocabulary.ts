/** The words that all reports share for the parts of a result. */
import type { Phases, TrialResult, Verdict } from '../harness/model/result.js';
import type { SeenBy } from '../harness/model/sighting.js';

export interface Endpoints {
  from: string;
  to: string;
}

/** Names of the two ends of the headline meter; `forward` is from → to. */
export function endpointsOf(trial: TrialResult): Endpoints | null {
  const { from, to } = trial.network ?? {};
  if (from !== undefined && to !== undefined) return { from, to };
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

/** What only routers show. */
const routingEvidence: ReadonlySet<SeenBy['by']> = new Set([
  'adjacency',
  'routing-message',
  'route-change',
]);

/** What each phase is called; the two directions carry the ends' names. */
export function phaseLabel(
  phase: PhaseKey,
  ends: Endpoints | null,
  evidence: Readonly<Record<string, SeenBy>> = {},
): string {
  const bonded = evidence[phase]?.by === 'active-member';
  const routed = Object.values(evidence).some(({ by }) => routingEvidence.has(by));
  switch (phase) {
    case 'detectedMs':
      return 'detected';
    case 'controllerToldMs':
      return routed ? 'other routers told' : 'controller notified';
    case 'firstFlowChangeMs':
      return bonded ? 'active member changed' : routed ? 'first route change' : 'first flow change';
    case 'lastFlowChangeMs':
      return bonded ? 'last member change' : routed ? 'last route change' : 'last flow change';
    case 'firstPacketForwardMs':
      return `first packet ${directionLabel('forward', ends)}`;
    case 'firstPacketReverseMs':
      return `first packet ${directionLabel('reverse', ends)}`;
    case 'tcpMovingMs':
      return 'TCP resumed';
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
  /** End of the phase that was seen before it. */
  startMs: number;
  /** The phase's own stamp; null = this phase was not observed, and it is never guessed. */
  endMs: number | null;
}

/**
 * Phases one after the other, in the order of their stamps: one direction may carry packets again
 * while flows are still changed for the other. A stretch begins where the one before it ended, so
 * the lengths add up to the latest stamp. A phase that was not observed takes no time, and stands behind
 * the one that a recovery goes through before it.
 */
export function phaseStretches(phases: Phases): PhaseStretch[] {
  let placeMs = 0;
  const placed = phaseOrder.map((phase) => {
    placeMs = phases[phase] ?? placeMs;
    return { phase, endMs: phases[phase], placeMs };
  });
  let startMs = 0;
  return placed
    .sort((a, b) => a.placeMs - b.placeMs)
    .map(({ phase, endMs }) => {
      const stretch = { phase, startMs, endMs };
      startMs = endMs ?? startMs;
      return stretch;
    });
}

/** The word of a verdict where it stands alone. */
export function verdictWord(verdict: Verdict): string {
  return verdict === 'pass' ? 'PASS' : verdict === 'fail' ? 'FAIL' : 'INCONCLUSIVE';
}
