/**
 * Undo before do, on real files: each fault makes a folder's files one after the other, so that a
 * file in a folder that is not there fails half-way, and a heal that is kept from removing fails too.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { nowNs } from '../../harness/clock.js';
import type { Change, PreparedFault } from '../../harness/lab/faults/fault.js';
import { type FlapRhythm, flapping } from '../../harness/lab/faults/flap.js';
import { StandingFaults } from '../../harness/lab/timeline/standing-faults.js';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failover-lab-faults-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

/** Writes files in order and reads them back; heals each although another cannot be removed. */
function fileFault(names: string[], changeMs = 0): PreparedFault {
  const change = (beforeNs: number, verified: boolean): Change => ({
    ...{
      beforeNs,
      afterNs: nowNs(),
      verified,
      evidence: names.filter((n) => existsSync(at(n))).join(),
    },
  });
  return {
    async inject() {
      const beforeNs = nowNs();
      await sleep(changeMs);
      for (const name of names) writeFileSync(at(name), '');
      return change(
        beforeNs,
        names.every((name) => existsSync(at(name))),
      );
    },
    async heal() {
      const beforeNs = nowNs();
      await sleep(changeMs);
      for (const name of names) {
        try {
          rmSync(at(name), { force: true });
        } catch {
          // A folder in its place: it is still there, which is read back.
        }
      }
      return change(beforeNs, !names.some((name) => existsSync(at(name))));
    },
  };
}

test('a fault that fails half-way is undone, and leaves nothing registered', async () => {
  const standing = new StandingFaults<string>();
  const fault = fileFault(['a', 'missing/b']);
  await expect(standing.inject('f', 'label', fault)).rejects.toThrow(/ENOENT/);
  expect(existsSync(at('a'))).toBe(false);
  expect(standing.size).toBe(0);
});

test('what cannot be undone at once stays registered, and the final heal tries again', async () => {
  const standing = new StandingFaults<string>();
  mkdirSync(at('blocked'));
  await expect(standing.inject('f', 'label', fileFault(['a', 'blocked', 'c']))).rejects.toThrow(
    /EISDIR/,
  );
  // The first step is undone although the second could not be.
  expect(existsSync(at('a'))).toBe(false);
  expect(standing.labels).toEqual(['label']);
  expect(await standing.heal('f')).toMatchObject({ verified: false, evidence: 'blocked' });
  expect(standing.size).toBe(1);
  rmSync(at('blocked'), { recursive: true });
  expect(await standing.heal('f')).toMatchObject({ verified: true });
  expect(standing.size).toBe(0);
  expect(await standing.heal('f')).toBeNull();
});

test('a heal waits for the change that is being made, and two heals undo once', async () => {
  const standing = new StandingFaults<string>();
  const injecting = standing.inject('f', 'label', fileFault(['a'], 50));
  expect(standing.untouched('f')).toBe(true);
  const [first, second] = [standing.heal('f'), standing.heal('f')];
  expect(standing.untouched('f')).toBe(false);
  await injecting;
  expect(await first).toMatchObject({ verified: true });
  expect(await second).toBeNull();
  expect(existsSync(at('a'))).toBe(false);
});

function flap(names: string[], rhythm: Partial<FlapRhythm>, changeMs = 0) {
  const seen: Array<{ state: string; change: Change }> = [];
  const prepared = flapping(fileFault(names, changeMs), {
    ...{ downMs: 40, upMs: 40 },
    ...rhythm,
    transition: (state, change) => seen.push({ state, change }),
  });
  return { prepared, seen, words: () => seen.map((one) => `${one.state} ${one.change.verified}`) };
}

test('every change of a flap is recorded with its stamps, and it ends with the heal', async () => {
  const { prepared, seen, words } = flap(['a'], {});
  await prepared.inject();
  await expect.poll(() => seen.length).toBeGreaterThanOrEqual(3);
  const healed = await prepared.heal();
  expect(healed.verified).toBe(true);
  expect(existsSync(at('a'))).toBe(false);
  expect(words().slice(0, 3)).toEqual(['up true', 'down true', 'up true']);
  const times = seen.map(({ change }) => change.beforeNs);
  expect([...times].sort((a, b) => a - b)).toEqual(times);
  const count = seen.length;
  await sleep(120);
  expect(seen).toHaveLength(count);
});

test('a flap whose link is up is healed when it is told to stop, not when the link came up', async () => {
  const { prepared, seen } = flap(['a'], { upMs: 60_000 });
  await prepared.inject();
  await expect.poll(() => seen.length).toBe(1);
  await sleep(60);
  const toldNs = nowNs();
  const { beforeNs, afterNs } = await prepared.heal();
  expect(beforeNs).toBeGreaterThanOrEqual(toldNs);
  expect(afterNs).toBeGreaterThanOrEqual(beforeNs);
});

for (const whileUp of [false, true]) {
  test(`a heal while the link ${whileUp ? 'comes up' : 'goes down'} is prompt`, async () => {
    // Either change takes 200 ms; waiting out a pause would take a minute.
    const rhythm = whileUp ? { downMs: 5, upMs: 60_000 } : { downMs: 5, upMs: 5 };
    const { prepared, seen } = flap(['a'], rhythm, 200);
    await prepared.inject();
    if (!whileUp) await expect.poll(() => seen.length).toBe(1);
    await sleep(60);
    const startNs = nowNs();
    expect(await prepared.heal()).toMatchObject({ verified: true });
    expect((nowNs() - startNs) / 1e6).toBeLessThan(2000);
    expect(existsSync(at('a'))).toBe(false);
  });
}

test('a change of a flap that was not seen is recorded so, and the heal tries again', async () => {
  const { prepared, seen, words } = flap(['a'], {});
  await prepared.inject();
  rmSync(at('a'));
  mkdirSync(at('a'));
  await expect.poll(() => seen.length).toBe(1);
  expect(words()).toEqual(['up false']);
  expect(await prepared.heal()).toMatchObject({ verified: false, evidence: 'a' });
  rmSync(at('a'), { recursive: true });
  expect(await prepared.heal()).toMatchObject({ verified: true });
});
