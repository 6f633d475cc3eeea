/** What a run waits for: a step that has happened is waited for no longer. */
import { expect, test } from '@playwright/test';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { initialProgress, progressLine, reduceProgress } from '../../reports/terminal/progress.js';
import { nextWait, type Wait, waitsAfter } from '../../reports/waits.js';
import { buildHistory } from '../fixtures/constructed-history.js';

const second = 1e9;
const waiting = (atS: number, what: string, untilS: number | null): HistoryEvent => ({
  ...{ kind: 'waiting', atNs: atS * second, trial: 0 },
  awaited: what === 'heal' ? { kind: 'heal' } : { kind: 'fault', faultKind: what },
  untilNs: untilS === null ? null : untilS * second,
});
const history = buildHistory({
  name: 'waits',
  trafficMs: 16_000,
  fault: { atMs: 5000, healAtMs: 9000 },
});

function changeAt(kind: 'fault.injected' | 'fault.healed', atS: number): HistoryEvent {
  const event = history.find((one) => one.kind === kind);
  if (!event) throw new Error(`no ${kind}`);
  return { ...event, atNs: atS * second };
}

function tick(atS: number): HistoryEvent {
  return {
    kind: 'traffic.sample',
    atNs: atS * second,
    trial: 0,
    host: 'h4',
    rxBytes: 1,
    txBytes: 0,
  };
}

function after(...events: HistoryEvent[]): string | null {
  const waits = events.reduce<readonly Wait[]>(waitsAfter, []);
  return nextWait(waits)?.what ?? null;
}

test('a fault that was injected, and a heal that was done, are waited for no longer', () => {
  expect(after(waiting(1, 'power-off', 5))).toBe('power-off');
  expect(after(waiting(1, 'power-off', 5), changeAt('fault.injected', 5))).toBeNull();
  const heal = [waiting(1, 'power-off', 5), changeAt('fault.injected', 5), waiting(6, 'heal', 8)];
  expect(after(...heal)).toBe('heal');
  expect(after(...heal, changeAt('fault.healed', 8))).toBeNull();
});

test('of several steps the next is waited for, in whatever order they were told', () => {
  const both = [waiting(0, 'link-down', 12), waiting(0, 'power-off', 5)];
  expect(after(...both)).toBe('power-off');
  expect(after(...[...both].reverse())).toBe('power-off');
  expect(after(...both, changeAt('fault.injected', 5))).toBe('link-down');
});

test('of two faults of a kind only the first has happened', () => {
  const both = [waiting(0, 'power-off', 12), waiting(0, 'power-off', 5)];
  const waits = [...both, changeAt('fault.injected', 5)].reduce<readonly Wait[]>(waitsAfter, []);
  expect(waits).toMatchObject([{ what: 'power-off', untilNs: 12 * second }]);
  expect(waits).toHaveLength(1);
});

test('what is overdue, a new phase and a new trial end waiting', () => {
  expect(after(waiting(0, 'settled after the heal', 5), tick(5.5))).toBe('settled after the heal');
  expect(after(waiting(0, 'settled after the heal', 5), tick(6.5))).toBeNull();
  const stop: HistoryEvent = { kind: 'phase', atNs: second, trial: 0, phase: 'stop' };
  expect(after(waiting(0, 'power-off', 5), stop)).toBeNull();
});

test('the progress line counts down to the next step, not to the one that was told last', () => {
  const events = [waiting(0, 'power-off', 5), waiting(0, 'heal', 12), tick(2)];
  const state = events.reduce(reduceProgress, initialProgress);
  expect(progressLine(state, 80)).toContain('power-off in 3 s');
});
