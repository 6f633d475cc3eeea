/** What the soak will do is the seed's, and every scenario it writes is a good one. */
import { writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { byDraw, roundOf } from '../../harness/bench/soak/plan.js';
import { difference, type SoakReading } from '../../harness/bench/soak/round.js';
import { troubleOf } from '../../harness/bench/soak/trouble.js';
import { loadScenario } from '../../harness/language/load.js';
import { resolveScenario } from '../../harness/language/resolve.js';
import { packageRoot } from '../../harness/package-root.js';

const relays = { of: 'relays', onHost: false } as const;
const routers = { of: 'routers', onHost: false } as const;

test('the same seed plans the same rounds, another seed others', () => {
  const rounds = (seed: number) =>
    Array.from({ length: 20 }, (_, index) => roundOf(seed, index, relays));
  expect(rounds(7)).toEqual(rounds(7));
  expect(rounds(7)).not.toEqual(rounds(8));
  expect(new Set(rounds(7).map(({ killAfterMs }) => killAfterMs)).size).toBeGreaterThan(15);
});

test('every kind of scenario that it writes can be run', async () => {
  const indices = Array.from({ length: 400 }, (_, index) => index);
  const subjects = [relays, { of: 'relays', onHost: true }, routers] as const;
  const texts = new Set(
    indices.flatMap((index) => subjects.map((subject) => roundOf(1, index, subject).scenario)),
  );
  // 3 faults, 3 reactions, 2 sizes, with plain switches or without, and 3 faults of routers: the
  // rest is the rate.
  const shapes = new Map([...texts].map((text) => [text.replace(/\d+Mbit/, ''), text]));
  expect(shapes.size).toBe(39);
  const file = test.info().outputPath('soak.ts');
  for (const text of shapes.values()) {
    writeFileSync(file, text);
    const { written } = await loadScenario(file, packageRoot());
    expect(resolveScenario(written, { name: 'soak', seed: 1 }).timeline).toHaveLength(2);
  }
});

test('leftovers are lines that came, each as often as it came', () => {
  expect(difference(['a', 'b', 'b'], ['a', 'b'])).toEqual(['b']);
  expect(difference(['a'], ['a', 'gone'])).toEqual([]);
  expect(byDraw(['x', 'y'], 0.99)).toBe('y');
  expect(byDraw([], 0.5)).toBeUndefined();
});

const goodReading: SoakReading = {
  round: 0,
  title: 'powerOff, 2 relays, 5 Mbit/s',
  seed: 1,
  victim: 'iperf3',
  victimCommand: 'iperf3 --server --json',
  killAfterMs: 9000,
  cleanMs: 300,
  exitCode: 3,
  verdict: 'inconclusive',
  leftovers: [],
  foreignChange: null,
  unreadable: null,
  wrongPass: false,
};

test('a round tells each rule that it broke, and whom it had killed', () => {
  expect(troubleOf(goodReading)).toEqual([]);
  const killed = 'killed: iperf3 --server --json';
  const broken = (change: Partial<SoakReading>) => troubleOf({ ...goodReading, ...change });
  expect(broken({ leftovers: ['link a', 'link b'] })).toEqual(['LEFT: link a; link b', killed]);
  expect(broken({ foreignChange: 'gone' })).toEqual(['FOREIGN CHANGE: gone', killed]);
  expect(broken({ unreadable: 'line 3', wrongPass: true })).toEqual([
    'UNREADABLE: line 3',
    'WRONG PASS',
    killed,
  ]);
});
