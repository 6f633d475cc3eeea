/** What a trial in virtual time costs, from readings of the guest at its phases. */
import { expect, test } from '@playwright/test';
import { phaseCosts, readingAt, totalCost } from '../../harness/bench/virtual.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';

test('each phase costs what was spent until the next one, and all phases cost the whole', () => {
  const readings = [
    { phase: 'build', atNs: 12e9, user: 1, system: 3 },
    { phase: 'traffic', atNs: 15e9, user: 4, system: 11 },
    { phase: 'done', atNs: 20e9, user: 9, system: 20 },
  ];
  const costs = phaseCosts(readings, { user: 9.5, system: 21 });
  expect(costs).toEqual([
    { phase: 'boot', virtualSeconds: 12, user: 1, system: 3 },
    { phase: 'build', virtualSeconds: 3, user: 3, system: 8 },
    { phase: 'traffic', virtualSeconds: 5, user: 5, system: 9 },
    { phase: 'done', virtualSeconds: 0, user: 0.5, system: 1 },
  ]);
  expect(totalCost(costs)).toEqual({ phase: 'all', virtualSeconds: 20, user: 9.5, system: 21 });
  expect(phaseCosts([], { user: 1, system: 1 })).toEqual([]);
});

test('only a phase is a moment to read at', () => {
  const now = () => ({ user: 2, system: 5 });
  const phase = { kind: 'phase', atNs: 7, trial: 0, phase: 'ready' } as HistoryEvent;
  expect(readingAt(phase, now)).toEqual({ phase: 'ready', atNs: 7, user: 2, system: 5 });
  const other = { kind: 'drive.note', atNs: 8, trial: 0 } as unknown as HistoryEvent;
  expect(readingAt(other, now)).toBeUndefined();
});
