/** Whatever waits for a signal leaves no listener on it once the wait is over. */
import { getEventListeners } from 'node:events';
import { expect, test } from '@playwright/test';
import { nowNs } from '../../harness/clock.js';
import { Journal } from '../../harness/lab/journal.js';
import { ArrivalQueue } from '../../harness/lab/modes/drive.js';
import { StepEvents } from '../../harness/lab/timeline/step-events.js';
import { awaitTrafficTime } from '../../harness/lab/timeline/traffic-time.js';
import { constructedScenario } from '../fixtures/constructed-scenario.js';

const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;
const times = 25;

test('a queue of orders: one wait after the other', async () => {
  const { signal } = new AbortController();
  const queue = new ArrivalQueue<number>();
  for (let order = 1; order <= times; order++) {
    const next = queue.next(signal);
    queue.push(order);
    expect(await next).toBe(order);
  }
  expect(listenersOf(signal)).toBe(0);
});

test('steps that wait for steps', async () => {
  const { signal } = new AbortController();
  const signposts = new StepEvents();
  const steps = 8;
  const waits = Array.from({ length: steps }, (_, step) =>
    signposts.reached(`step ${step}`, 'injected', signal),
  );
  for (let step = 0; step < steps; step++) signposts.reach(`step ${step}`, 'injected');
  await Promise.all(waits);
  expect(listenersOf(signal)).toBe(0);
});

test('the traffic part of many trials in one lab', async () => {
  const { signal } = new AbortController();
  const plan = { rateHz: 100, intervalMs: 500, faultAtMs: 0, healed: false, expectations: [] };
  const scenario = constructedScenario('many-trials', {
    ...plan,
    ...{ fault: null, allowOversize: false, durationMs: 5 },
  });
  const course = { timeline: Promise.resolve(), flows: Promise.resolve() };
  for (let trial = 0; trial < times; trial++) {
    const over = new AbortController();
    await awaitTrafficTime(course, scenario, nowNs(), new Journal(trial, 1), over, signal);
    over.abort();
  }
  expect(listenersOf(signal)).toBe(0);
});

test('each wait still ends with the reason of the signal, and an aborted one never begins', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const waits = [
    new ArrivalQueue<number>().next(signal),
    new StepEvents().reached('step', 'healed', signal),
  ];
  controller.abort(new Error('interrupted'));
  for (const wait of waits) await expect(wait).rejects.toThrow('interrupted');
  await expect(new StepEvents().reached('step', 'healed', signal)).rejects.toThrow('interrupted');
  expect(listenersOf(signal)).toBe(0);
});
