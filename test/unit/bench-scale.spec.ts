/** `bench scale`: what its options take, and how the growth is read. */
import { expect, test } from '@playwright/test';
import { growthOf, type ScaleReading } from '../../harness/bench/scale.js';
import { readKinds, readSizes } from '../../harness/cli/commands/bench-scale.js';

test('sizes and kinds are lists; a word that is neither is named', () => {
  expect(readSizes('100,20,20,50')).toEqual([20, 50, 100]);
  expect(readKinds('relays,switches')).toEqual(['relays', 'switches']);
  for (const [text, word] of [
    ['20,x', 'x'],
    ['2', '2'],
    ['1001', '1001'],
    ['20,', ''],
    ['1e2', '1e2'],
  ] as const) {
    expect(() => readSizes(text)).toThrow(`--sizes has '${word}', which is not a whole number`);
  }
  expect(() => readKinds('hosts')).toThrow(
    "--of has 'hosts', which is not one of switches, relays, routers.",
  );
});

test('growth is the time for a node of the large network to that of the small one', () => {
  const reading = (size: number, seconds: number, processorSeconds: number): ScaleReading => {
    const timed = { seconds, processorSeconds };
    const parts = { build: timed, change: timed, end: timed, mnClean: timed };
    return { kind: 'relays', way: 'failover-lab', size, ...parts, memoryMiB: 1, interfacesLeft: 0 };
  };
  const readings = [reading(20, 1, 0.5), reading(100, 6, 2)];
  const growth = growthOf(readings, 'relays', 'failover-lab', [20, 100]);
  expect(growth?.seconds).toBeCloseTo(1.2);
  expect(growth?.processorSeconds).toBeCloseTo(0.8);
  expect(growthOf(readings, 'switches', 'failover-lab', [20, 100])).toBeNull();
});
