/** What a run that is under way still waits for, event by event. */
import type { HistoryEvent } from '../harness/model/history/events.js';

export interface Wait {
  what: string;
  /** CLOCK_MONOTONIC; null = until it happens. */
  untilNs: number | null;
}

/** Overdue by more than this it is not waited for any more, though nobody has said so. */
const overdueNs = 1e9;

/** The waits after one more event. A step that has happened is waited for no longer. */
export function waitsAfter(waits: readonly Wait[], event: HistoryEvent): readonly Wait[] {
  switch (event.kind) {
    case 'trial.start':
    case 'phase':
      return [];
    case 'waiting':
      return [...waits, { what: event.what, untilNs: event.untilNs }];
    case 'fault.injected':
      return without(waits, event.faultKind);
    case 'fault.healed':
      return without(waits, 'heal');
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

/** Of several waits for the same, the one that was due first has happened. */
function without(waits: readonly Wait[], what: string): readonly Wait[] {
  const happened = nextWait(waits.filter((wait) => wait.what === what));
  return waits.filter((wait) => wait !== happened);
}

function due({ untilNs }: Wait): number {
  return untilNs ?? Number.POSITIVE_INFINITY;
}

function isOverdue(wait: Wait, atNs: number): boolean {
  return due(wait) + overdueNs < atNs;
}
