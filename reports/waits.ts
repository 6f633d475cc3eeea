/** What a run that is under way still waits for, event by event. */
import type { Awaited, HistoryEvent } from '../harness/model/history/events.js';

export interface Wait {
  awaited: Awaited;
  /** The same in words. */
  what: string;
  /** CLOCK_MONOTONIC; null = until it happens. */
  untilNs: number | null;
}

/** Overdue by more than this it is not waited for any more. */
const overdueNs = 1e9;

/** The waits after one more event. A step that has happened is waited for no longer. */
export function waitsAfter(waits: readonly Wait[], event: HistoryEvent): readonly Wait[] {
  switch (event.kind) {
    case 'trial.start':
    case 'phase':
      return [];
    case 'waiting':
      return [
        ...waits,
        { what: awaitedText(event.awaited), awaited: event.awaited, untilNs: event.untilNs },
      ];
    case 'fault.injected':
      return without(waits, ({ awaited }) => isFault(awaited, event.faultKind));
    case 'fault.healed':
      return without(waits, ({ awaited }) => awaited.kind === 'heal');
    default:
      return waits.some((wait) => isOverdue(wait, event.atNs))
        ? waits.filter((wait) => !isOverdue(wait, event.atNs))
        : waits;
  }
}

/** What comes next; what has no moment comes last. */
export function nextWait(waits: readonly Wait[]): Wait | null {
  return waits.reduce<Wait | null>(
    (next, wait) => (next === null || due(wait) < due(next) ? wait : next),
    null,
  );
}

/** What a step waits for, in words. */
export function awaitedText(awaited: Awaited): string {
  switch (awaited.kind) {
    case 'fault':
      return awaited.faultKind;
    case 'heal':
      return 'heal';
    case 'settled':
      return 'settled after the heal';
  }
}

function isFault(awaited: Awaited, faultKind: string): boolean {
  return awaited.kind === 'fault' && awaited.faultKind === faultKind;
}

/** Of several waits for the same, the one that was due first has happened. */
function without(waits: readonly Wait[], isMeant: (wait: Wait) => boolean): readonly Wait[] {
  const happened = nextWait(waits.filter(isMeant));
  return waits.filter((wait) => wait !== happened);
}

function due({ untilNs }: Wait): number {
  return untilNs ?? Number.POSITIVE_INFINITY;
}

function isOverdue(wait: Wait, atNs: number): boolean {
  return due(wait) + overdueNs < atNs;
}
