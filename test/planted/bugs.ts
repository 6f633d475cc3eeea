/** What is planted, and where each of it is repaired. */
import { join } from 'node:path';
import type { CheckedTrial, SearchRequest } from '../../harness/api/search-request.js';
import { packageRoot } from '../../harness/package-root.js';

type SearchSpace = Partial<Pick<SearchRequest, 'faults' | 'atOnce' | 'horizonMs'>>;

export interface Planted {
  name: string;
  file: string;
  /** The network without the bug: another controller or another scenario; null: this one has none. */
  repaired: { controller: string } | { file: string } | null;
  space: SearchSpace;
  /** What must hold of every trial, where expectations cannot state it. */
  property?: (trial: CheckedTrial) => boolean;
}

const folder = join(packageRoot(), 'test/fixtures/planted');
const powerOff = { faults: ['power-off'], horizonMs: 3000 };

/** No failure darkens both receivers: each has a way of its own. */
const separate = ({ trial }: CheckedTrial) =>
  trial.episodes.every(({ networks }) =>
    networks.some(({ forward }) => forward.outageAtLeastMs < 100),
  );

const bug = (name: string, more: Partial<Planted> = {}): Planted => ({
  name,
  file: join(folder, `${name}.ts`),
  repaired: { controller: `osken:${join(folder, 'sound.py')}` },
  space: powerOff,
  ...more,
});

export const planted: readonly Planted[] = [
  bug('without-watch'),
  bug('never-returns'),
  bug('forgets-second'),
  // What it adds to a silence is 200 ms: one failure, and no wait for a relay that is back.
  bug('loops', { space: { ...powerOff, atOnce: 1 } }),
  bug('one-way-for-both', {
    repaired: { file: join(folder, 'separate-ways.ts') },
    space: { faults: ['power-off', 'cable-cut'], atOnce: 1, horizonMs: 1000 },
    property: separate,
  }),
  bug('sound', { repaired: null }),
  bug('sound-two', { repaired: null }),
  bug('sound-soon', { repaired: null, space: { ...powerOff, atOnce: 1 } }),
  bug('separate-ways', {
    repaired: null,
    space: { faults: ['power-off', 'cable-cut'], atOnce: 1, horizonMs: 1000 },
    property: separate,
  }),
];
