/** The planned changes of a trial (faults and heals), each with the span it is answerable for. */
import type { EventOf } from '../model/history/events.js';
import type { Evidence } from '../model/recorded/evidence.js';
import type { FaultKind, ResolvedTarget } from '../model/resolved.js';
import { thresholds } from './thresholds.js';
import type { TrialRecord } from './trial-record.js';
import { eventsOf } from './trial-record.js';
import { NS_PER_MS } from './units.js';

/** What attributes a loss: a change's begin, and that of the change before it. */
export interface Boundary {
  /** Null for the whole-traffic span of a trial without faults. */
  faultKind: FaultKind | null;
  beforeNs: number;
  afterNs: number;
  /** Where the change before began; null = there is none, or it belongs to this one. */
  sinceNs: number | null;
}

/** A heal that came after a change, with the span that it answers for. */
export interface LaterHeal {
  beforeNs: number;
  afterNs: number;
  untilNs: number;
  lastsToEnd: boolean;
}

export interface Change extends Boundary {
  change: 'injected' | 'healed';
  stepId: string;
  faultId: string;
  target: ResolvedTarget | null;
  targets: string[];
  verified: boolean;
  evidence: Evidence;
  /** What moved through the target right before; null = not counted, or a heal. */
  carried: NonNullable<EventOf<'fault.injected'>['carried']> | null;
  /** Middle of the injector's two stamps; half their distance is the uncertainty. */
  atNs: number;
  uncertaintyMs: number;
  /** What begins before this is this change's doing; the next change answers for the rest. */
  untilNs: number;
  /** A heal that no step asked for, at the end of traffic: what follows it is not measured. */
  tidiesUp: boolean;
  /** When such heals began; null = there were none. */
  tidyingNs: number | null;
  /** True when no later change follows: the span ends with the traffic. */
  lastsToEnd: boolean;
  /** The change that ends the span; null = the end of the traffic does. */
  next: Boundary | null;
  /**
   * Heals that came after it, in order, those at the end of the traffic included. What ends only
   * then, the network did not end by itself.
   */
  laterHeals: LaterHeal[];
}

/** Changes in the order they happened. */
export function changesOf(trial: TrialRecord): Change[] {
  const injected = eventsOf(trial.events, 'fault.injected').map((event) => ({
    ...event,
    change: 'injected' as const,
  }));
  const healed = eventsOf(trial.events, 'fault.healed').map((event) => ({
    ...event,
    change: 'healed' as const,
  }));
  const all = [...injected, ...healed]
    .filter((event) => event.beforeNs < trial.trafficEndNs)
    .map((event) => ({ ...event, afterNs: Math.max(event.afterNs, event.beforeNs) }))
    .sort((a, b) => a.beforeNs - b.beforeNs);
  const nextOf = (event: (typeof all)[number]) =>
    all.find(
      (later) =>
        later.beforeNs > event.beforeNs &&
        (later.change !== event.change || later.beforeNs > togetherUntilNs(event)),
    );
  const boundaryOf = (event: (typeof all)[number]): Boundary => ({
    faultKind: event.faultKind as FaultKind,
    beforeNs: event.beforeNs,
    afterNs: event.afterNs,
    sinceNs: all.findLast((earlier) => nextOf(earlier) === event)?.beforeNs ?? null,
  });
  const tidiesUp = (event: (typeof all)[number]) =>
    event.change === 'healed' && injected.some((i) => i.stepId === event.stepId);
  const tidyingNs = all.find(tidiesUp)?.beforeNs ?? null;
  const isLaterHeal = (event: (typeof all)[number], later: (typeof all)[number]) =>
    later.change === 'healed' &&
    // Heals that belong together are one change, and none of them ends what another began.
    later.beforeNs > (event.change === 'healed' ? togetherUntilNs(event) : event.beforeNs);
  const healOf = (event: (typeof all)[number]): LaterHeal => {
    const next = nextOf(event);
    return {
      beforeNs: event.beforeNs,
      afterNs: event.afterNs,
      untilNs: next?.beforeNs ?? trial.trafficEndNs,
      lastsToEnd: next === undefined,
    };
  };
  return all.map((event) => {
    const next = nextOf(event);
    return {
      ...boundaryOf(event),
      change: event.change,
      stepId: event.stepId,
      faultId: event.faultId,
      target: event.target,
      targets: event.targets,
      verified: event.verified,
      evidence: event.evidence,
      carried: ('carried' in event && event.carried) || null,
      atNs: (event.beforeNs + event.afterNs) / 2,
      uncertaintyMs: (event.afterNs - event.beforeNs) / 2 / NS_PER_MS,
      untilNs: next?.beforeNs ?? trial.trafficEndNs,
      lastsToEnd: next === undefined,
      next: next ? boundaryOf(next) : null,
      laterHeals: all.filter((later) => isLaterHeal(event, later)).map(healOf),
      tidiesUp: tidiesUp(event),
      tidyingNs,
    };
  });
}

function togetherUntilNs({ afterNs }: { afterNs: number }): number {
  return afterNs + thresholds.simultaneousMs * NS_PER_MS;
}

/** The whole traffic as one span: what a trial without faults is measured over. */
export function wholeTraffic(trial: TrialRecord): Change {
  return {
    change: 'injected',
    stepId: '',
    faultId: '',
    faultKind: null,
    target: null,
    targets: [],
    verified: true,
    evidence: { code: 'no-fault', data: {} },
    carried: null,
    beforeNs: trial.trafficStartNs,
    afterNs: trial.trafficStartNs,
    atNs: trial.trafficStartNs,
    uncertaintyMs: 0,
    untilNs: trial.trafficEndNs,
    lastsToEnd: true,
    sinceNs: null,
    next: null,
    laterHeals: [],
    tidyingNs: null,
    tidiesUp: false,
  };
}
