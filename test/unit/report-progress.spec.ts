/** The live line and the plain lines, folded from history events. */
import { expect, test } from '@playwright/test';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import {
  initialProgress,
  noteTrial,
  type ProgressState,
  plainLine,
  progressLine,
  reduceProgress,
  runningMedianText,
  secondsLeft,
} from '../../reports/terminal/progress.js';
import { buildHistory } from '../fixtures/constructed-history.js';
import { trial } from './judged-runs.js';

const second = 1e9;

function fold(state: ProgressState, events: HistoryEvent[]): ProgressState {
  return events.reduce(reduceProgress, state);
}

function at(atS: number): { atNs: number; trial: number } {
  return { atNs: atS * second, trial: 0 };
}

function sample(atS: number, host: string, megabytes: number): HistoryEvent {
  return { ...at(atS), kind: 'traffic.sample', host, rxBytes: megabytes * 1e6, txBytes: 0 };
}

const history = buildHistory({
  name: 'progress',
  trafficMs: 20_000,
  fault: { atMs: 8000, healAtMs: 15_000 },
  lossSpans: [{ direction: 'forward', fromMs: 8000, toMs: 9000 }],
});

test('the header brings name, trials and limits; a phase brings its bound', () => {
  const header = history.find((event) => event.kind === 'run.header');
  if (header?.kind !== 'run.header') throw new Error('the constructed history has no header');
  const state = fold(initialProgress, [
    { ...header, ...at(0) },
    { ...at(100), kind: 'phase', phase: 'ready' },
  ]);
  expect(state.scenario).toBe('progress');
  expect(secondsLeft(state)).toBe(Math.ceil(header.scenario.limits.readyTimeoutMs / 1000));
  const later = fold(state, [
    { ...at(103), kind: 'ready', condition: 'ping', ok: false, detail: '' },
  ]);
  expect(secondsLeft(later)).toBe((secondsLeft(state) ?? 0) - 3);
  expect(progressLine(later, 80)).toMatch(/^progress · waiting until ready · at most \d+ s left$/);
});

test('throughput is taken between samples of the receiving host alone', () => {
  const state = fold({ ...initialProgress, receiver: 'h4' }, [
    { ...at(10), kind: 'phase', phase: 'traffic' },
    sample(10, 'h4', 0),
    sample(10.2, 'h3', 500),
    sample(10.5, 'h4', 6),
  ]);
  expect(state.throughputBps).toBeCloseTo(96e6, 0);
  expect(progressLine(state, 80)).toContain('96.0 Mbit/s');
  const dark = fold(state, [sample(11, 'h4', 6)]);
  expect(progressLine(dark, 80)).toContain('0 bit/s');
});

test('a wait counts down and a fault counts up', () => {
  const waiting = fold(initialProgress, [
    { ...at(10), kind: 'phase', phase: 'traffic' },
    {
      ...at(11),
      kind: 'waiting',
      awaited: { kind: 'fault', faultKind: 'power-off' },
      untilNs: 15 * second,
    },
    sample(12, 'h4', 1),
  ]);
  expect(progressLine(waiting, 80)).toContain('power-off in 3 s');
  const fault = history.find((event) => event.kind === 'fault.injected');
  if (fault?.kind !== 'fault.injected') throw new Error('the constructed history has no fault');
  const struck = fold(waiting, [
    { ...fault, ...at(15), afterNs: 15 * second },
    sample(18.5, 'h4', 1),
  ]);
  expect(progressLine(struck, 120)).toContain(`${fault.faultKind} ${fault.targets[0]} for 3 s`);
  expect(progressLine(struck, 120)).not.toContain('power-off in');
});

test('verdicts are counted and the running median ranks what never recovered highest', () => {
  const judged = [{ outageMs: 100 }, { outageMs: 300 }, { outageMs: null }].map((shape, index) =>
    trial(index, shape),
  );
  let state = initialProgress;
  const states = judged.map((each) => {
    state = noteTrial(state, each);
    return state;
  });
  expect(states.map(runningMedianText)).toEqual(['100 ms', '200 ms', '300 ms']);
  const last = states[2] ?? initialProgress;
  const line = progressLine({ ...last, trials: 10, trial: 3 }, 120);
  expect(line).toMatch(/^trial 4\/10 · .*2 pass, 1 fail · median outage 300 ms$/);
  const never = noteTrial(
    noteTrial(initialProgress, trial(0, { outageMs: null })),
    trial(1, { outageMs: 9 }),
  );
  expect(runningMedianText(never)).toBe('no recovery');
  const doubtful = trial(0, { outageMs: 9, verdict: 'inconclusive' });
  expect(runningMedianText(noteTrial(initialProgress, doubtful))).toBeNull();
});

test('a line is cut to the screen, and names cannot move its cursor', () => {
  const state: ProgressState = {
    ...initialProgress,
    scenario: 'a\u001b[2J\r',
    phase: 'traffic',
    fault: `power-off ${'x'.repeat(300)}\u001b`,
  };
  for (const columns of [20, 40, 80]) {
    const line = progressLine(state, columns);
    expect([...line].length).toBeLessThanOrEqual(columns);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there.
    expect(line).not.toMatch(/[\u0000-\u001f]/);
  }
});

test('plain lines tell a whole run in order, without one for every sample', () => {
  let state = initialProgress;
  const lines = history.flatMap((event) => {
    state = reduceProgress(state, event);
    const line = plainLine(state, event);
    return line === null ? [] : [line];
  });
  const order = ['progress, seed', 'traffic', 'fault: ', 'healed: '].map((start) =>
    lines.findIndex((line) => line.replace(/^[\d.]+ s /, '').startsWith(start)),
  );
  expect(
    order.every((place) => place >= 0),
    lines.join('\n'),
  ).toBe(true);
  expect([...order].sort((a, b) => a - b)).toEqual(order);
  expect(lines.find((line) => line.includes('fault: '))).toMatch(/^8\.0 s fault: /);
  expect(lines.length).toBeLessThan(40);
});

test('partitions and roles that the controller tells are shown, the rest of its log is not', () => {
  const told = (event: string, fields: Record<string, unknown>) =>
    plainLine(initialProgress, {
      ...at(1),
      kind: 'controller.log',
      controller: 'floyd',
      event,
      fields,
    });
  expect(told('partition', { components: [['r1', 'r2'], ['r3']] })).toBe(
    'the controller reports a partition: r1 r2 | r3',
  );
  expect(told('partition-healed', {})).toBe('the controller reports the partition healed');
  expect(told('role', { instance: 1, role: 'master' })).toBe('controller 1 is master');
  expect(told('decision', { number: 3 })).toBeNull();
});
