/** When the controller believes that a link is dead, or slower: the real code, made-up probes. */
import { expect, test } from '@playwright/test';
import { Replay } from './floyd-replay.js';

let replay: Replay;
test.beforeAll(() => {
  replay = new Replay();
});
test.afterAll(async () => {
  await replay.stop();
});

test('a dead link is found within (m - 1) I and m I plus two turns of the loop', async () => {
  for (let diedAtMs = 1000; diedAtMs < 1100; diedAtMs += 7) {
    const foundAtMs = await replay.deadAtMs({ lost: [[diedAtMs, 60_000]] });
    const tookMs = (foundAtMs ?? Number.POSITIVE_INFINITY) - diedAtMs;
    expect(tookMs).toBeGreaterThanOrEqual(200);
    expect(tookMs).toBeLessThanOrEqual(320);
  }
});

test('a lost probe, two lost probes and late probes are not a dead link', async () => {
  expect(await replay.deadAtMs({})).toBeNull();
  expect(await replay.deadAtMs({ lost: [[1000, 1100]] })).toBeNull();
  expect(await replay.deadAtMs({ lost: [[1000, 1200]] })).toBeNull();
  expect(await replay.deadAtMs({ late: [[1000, 5000, 90]] })).toBeNull();
});

test('the controller does not blame a link for having been held up itself', async () => {
  expect(await replay.deadAtMs({ stalls: [[1000, 1400]] })).toBeNull();
  expect(await replay.deadAtMs({ stalls: [[1000, 9000]] })).toBeNull();
  // A link that dies meanwhile is found all the same.
  const foundAtMs = await replay.deadAtMs({ stalls: [[1000, 2000]], lost: [[1000, 60_000]] });
  expect(foundAtMs).toBeGreaterThan(2000);
  expect(foundAtMs).toBeLessThanOrEqual(2320);
});

test('a link counts as slower after two rounds, as faster at once, and not for noise', async () => {
  const rounds = (...delaysMs: number[]) =>
    delaysMs.map((delayMs) => ({ delayMs, uncertaintyMs: 0.5 }));
  expect(await replay.costs(0.1, rounds(1.2, 0.4, 1.9))).toEqual([0, 0, 0]);
  expect(await replay.costs(0.1, rounds(20, 21, 19))).toEqual([20_000, 20_000, 20_000]);
  expect(await replay.costs(0.1, rounds(20, 40, 41))).toEqual([20_000, 20_000, 40_000]);
  expect(await replay.costs(0.1, rounds(40, 20))).toEqual([40_000, 20_000]);
  // Within the hysteresis of 30 % nothing moves.
  expect(await replay.costs(0.3, rounds(40, 50, 50))).toEqual([40_000, 40_000, 40_000]);
  // A measurement that may be off by more than the change is not believed.
  const shaky = [5, 18, 18].map((delayMs) => ({ delayMs, uncertaintyMs: 15 }));
  expect(await replay.costs(0.1, shaky)).toEqual([0, 0, 18_000]);
});
