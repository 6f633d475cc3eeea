/** What is planted, and where each of it is repaired. */
import { join } from 'node:path';
import type { CheckedTrial, SearchRequest } from '../../harness/api/search-request.js';
import { eventsOf } from '../../harness/judge/trial-record.js';
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
  /** What must hold of a trial of the written scenario beside its expectations. */
  demand?: (trial: CheckedTrial) => boolean;
}

const folder = join(packageRoot(), 'test/fixtures/planted');
const powerOff = { faults: ['power-off'], horizonMs: 3000 };

/** No failure darkens both receivers: each has a way of its own. */
const separate = ({ trial }: CheckedTrial) =>
  trial.episodes.every(({ networks }) =>
    networks.some(({ forward }) => forward.outageAtLeastMs < 100),
  );

const hostPorts = ['e1 e1-eth1', 'e2 e2-eth1'];

/** No port receives twice what the hosts send between two readings: each packet passes it once. */
function nothingCircles({ events }: CheckedTrial): boolean {
  const readings = eventsOf(events, 'counters').map(({ ports }) => {
    return new Map(ports.map(({ node, port, rxPackets }) => [`${node} ${port}`, rxPackets]));
  });
  return readings.every((after, place) => {
    const since = ([port, packets]: [string, number]) =>
      packets - (readings[place - 1]?.get(port) ?? packets);
    const ports = [...after];
    const sent = Math.max(...ports.filter(([port]) => hostPorts.includes(port)).map(since));
    return ports.every((port) => since(port) <= 2 * sent + 200);
  });
}

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
  bug('loops', { demand: nothingCircles }),
  bug('one-way-for-both', {
    repaired: { file: join(folder, 'separate-ways.ts') },
    space: { faults: ['power-off', 'cable-cut'], atOnce: 1, horizonMs: 1000 },
    property: separate,
  }),
  bug('sound', { repaired: null }),
  bug('sound-two', { repaired: null }),
  bug('separate-ways', {
    repaired: null,
    space: { faults: ['power-off', 'cable-cut'], atOnce: 1, horizonMs: 1000 },
    property: separate,
  }),
];
