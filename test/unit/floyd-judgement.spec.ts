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

test('a healed link must hold before it is used again, and flapping starts the hold anew', async () => {
  expect(await replay.uses(1000, [[5000, 6000]])).toEqual([
    [5000, false],
    [7000, true],
  ]);
  // Down for 100 ms every 500 ms: out of use once, and back when it has been calm for a second.
  const flapping = Array.from({ length: 10 }, (_, n): [number, number] => [
    5000 + 500 * n,
    5100 + 500 * n,
  ]);
  expect(await replay.uses(1000, flapping)).toEqual([
    [5000, false],
    [10_600, true],
  ]);
});

const forEver: [number, number] = [0, 60_000];

test('the first instance becomes master, though it starts last', async () => {
  const changes = await replay.roles({ alive: [[[900, 60_000]], [forEver], [[400, 60_000]]] });
  const masters = changes.filter(([, , role]) => role === 'master');
  expect(masters.map(([, instance]) => instance)).toEqual([0]);
});

test('the lowest that lives takes over within (m - 1) I and m I and two turns; no way back', async () => {
  for (let diedAtMs = 5000; diedAtMs < 5100; diedAtMs += 30) {
    const alive: [number, number][][] = [
      [
        [0, diedAtMs],
        [9000, 60_000],
      ],
      [forEver],
      [forEver],
    ];
    const masters = (await replay.roles({ alive })).filter(([, , role]) => role === 'master');
    expect(masters.map(([, instance]) => instance)).toEqual([0, 1]);
    const tookMs = (masters[1]?.[0] ?? Number.POSITIVE_INFINITY) - diedAtMs;
    expect(tookMs).toBeGreaterThanOrEqual(200);
    expect(tookMs).toBeLessThanOrEqual(340);
  }
});

test('a master that was held up finds its successor and steps down', async () => {
  const alive = [[forEver], [forEver]];
  const changes = await replay.roles({ alive, held: [[[5000, 9000]], []] });
  const after = changes.filter(([atMs]) => atMs >= 5000);
  expect(after.map(([, instance, role]) => `${instance} ${role}`)).toEqual(['1 master', '0 slave']);
  expect(after[1]?.[0]).toBeLessThanOrEqual(9010);
  // A slave that was held up itself does not take it for the master's death.
  const slave = await replay.roles({ alive, held: [[], [[5000, 9000]]] });
  expect(slave.filter(([atMs]) => atMs >= 5000)).toEqual([]);
});

test('without its master and the next one, the third takes over', async () => {
  const changes = await replay.roles({ alive: [[[0, 5000]], [[0, 5000]], [forEver]] });
  const masters = changes.filter(([, , role]) => role === 'master');
  expect(masters.map(([, instance]) => instance)).toEqual([0, 2]);
});
