/** What a trial in virtual time costs: processor time of the guest, phase by phase. Pure. */
import type { HistoryEvent } from '../model/history/events.js';
import type { ProcessorTime } from '../sites/guest-cost.js';

/** The guest's clock and what it has cost until then. */
export interface GuestReading extends ProcessorTime {
  /** What begins here. */
  phase: string;
  atNs: number;
}

export interface PhaseCost extends ProcessorTime {
  phase: string;
  virtualSeconds: number;
}

/** Boots before its first event. */
export const beforeEvents = 'boot';

/** The reading that an event is the moment for; undefined: for none. */
export function readingAt(event: HistoryEvent, now: () => ProcessorTime): GuestReading | undefined {
  if (event.kind !== 'phase') return undefined;
  return { phase: event.phase, atNs: event.atNs, ...now() };
}

/** The cost of each phase, up to the next one; `end` is the last reading that could be had. */
export function phaseCosts(readings: readonly GuestReading[], end: ProcessorTime): PhaseCost[] {
  const last = readings.at(-1);
  if (last === undefined) return [];
  const boot = { phase: beforeEvents, atNs: 0, user: 0, system: 0 };
  const all = [boot, ...readings, { ...end, phase: 'end', atNs: last.atNs }];
  return all.slice(0, -1).map((reading, place) => {
    const next = all[place + 1] ?? reading;
    return {
      phase: reading.phase,
      virtualSeconds: (next.atNs - reading.atNs) / 1e9,
      user: next.user - reading.user,
      system: next.system - reading.system,
    };
  });
}

/** All phases together. */
export function totalCost(costs: readonly PhaseCost[]): PhaseCost {
  const sum = (value: (cost: PhaseCost) => number) =>
    costs.reduce((total, cost) => total + value(cost), 0);
  return {
    phase: 'all',
    virtualSeconds: sum((cost) => cost.virtualSeconds),
    user: sum((cost) => cost.user),
    system: sum((cost) => cost.system),
  };
}
