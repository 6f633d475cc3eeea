/** Shapes of large networks: of data centres, and by chance. */

import { derivedSeed, type Random, randomFrom } from '../../model/seed.js';
import { shown } from '../../model/units.js';
import type { TopologyPart } from './parts.js';
import { type BuilderOptions, build, nodeNames, type Pair, sized } from './shape.js';

/**
 * A fat tree of switches with `ports` ports each (Al-Fares, Loukissas and Vahdat, 2008): as many
 * pods, each with half as many edge and aggregation switches, below (ports / 2)² cores. Nodes are
 * `edge1, …`, `agg1, …` and `core1, …`. Hosts on the edge switches; left out: ports / 2 on each, so
 * that no layer is narrower than the one below.
 *
 * | ports | switches | hosts |
 * |---|---|---|
 * | 4 | 20 | 16 |
 * | 8 | 80 | 128 |
 * | 10 | 125 | 250 |
 *
 * @example
 * topology: [fatTree(4)]
 */
export function fatTree(ports: number, options: BuilderOptions = {}): TopologyPart[] {
  if (sized('fatTree', ports, 2) % 2 !== 0) {
    throw new RangeError(`fatTree: the number of ports must be even, got ${shown(ports)}`);
  }
  const half = ports / 2;
  sized('fatTree', 5 * half * half, 5);
  const numbered = (word: string, size: number) =>
    Array.from({ length: size }, (_, index) => `${word}${index + 1}`);
  const edges = numbered('edge', ports * half);
  const middle = numbered('agg', ports * half);
  const cores = numbered('core', half * half);
  const podOf = <T>(all: T[], pod: number) => all.slice(pod * half, (pod + 1) * half);
  const pairs = () =>
    Array.from({ length: ports }, (_, pod) => pod).flatMap((pod) =>
      podOf(middle, pod).flatMap((one, place): Pair[] => [
        ...podOf(edges, pod).map((edge): Pair => [edge, one]),
        ...podOf(cores, place).map((core): Pair => [one, core]),
      ]),
    );
  const withHosts = { hosts: half, ...options };
  return build('fatTree', [...edges, ...middle, ...cores], pairs, withHosts, edges);
}

export interface RandomRegularOptions extends BuilderOptions {
  /** Neighbours of every node. Left out: 3. */
  degree?: number;
  /** The same seed gives the same network. Left out: 1. */
  seed?: number;
}

/**
 * A connected network by chance in which every node has the same number of neighbours: no node is
 * special, and between any two there are several ways. The seed decides which network it is.
 *
 * @example
 * topology: [randomRegular(20, { degree: 3, seed: 7, of: 'relays' })]
 */
export function randomRegular(size: number, options: RandomRegularOptions = {}): TopologyPart[] {
  const { degree = 3, seed = 1 } = options ?? {};
  sized('randomRegular', size, 3);
  sized('randomRegular', degree, 2);
  if (degree >= size) {
    throw new RangeError(`randomRegular: degree must be less than ${size}, got ${degree}`);
  }
  if ((size * degree) % 2 !== 0) {
    throw new RangeError(
      `randomRegular: nodes times degree must be even, since every link has two ends; got ${size} × ${degree}`,
    );
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`randomRegular: seed must be a whole number from 0, got ${shown(seed)}`);
  }
  const names = nodeNames(size, options);
  const pairs = () =>
    regularPairs(size, degree, seed).map(([a, b]): Pair => [names[a] ?? '', names[b] ?? '']);
  return build('randomRegular', names, pairs, options, names, ['degree', 'seed']);
}

/** Attempts are cheap, and of degree 3 two in three succeed. */
const attempts = 1000;

/** Pairs of numbers below `size`, in order. */
function regularPairs(size: number, degree: number, seed: number): Array<[number, number]> {
  const random = randomFrom(derivedSeed(seed, `randomRegular ${size} ${degree}`));
  for (let attempt = 0; attempt < attempts; attempt++) {
    const joined = joinedByChance(size, degree, random);
    if (joined && isConnected(joined)) {
      return joined.flatMap((others, from) =>
        [...others]
          .filter((to) => to > from)
          .sort((a, b) => a - b)
          .map((to): [number, number] => [from, to]),
      );
    }
  }
  throw new RangeError(`randomRegular: no network of ${size} nodes of degree ${degree} was found`);
}

/**
 * Join free ends two by two (Steger and Wormald, 1999): only ends of nodes that are not joined yet.
 * Null when what is left cannot be joined.
 */
function joinedByChance(size: number, degree: number, random: Random): Array<Set<number>> | null {
  const others = Array.from({ length: size }, () => new Set<number>());
  let free = Array.from({ length: size * degree }, (_, end) => Math.floor(end / degree));
  while (free.length > 0) {
    const ends = shuffledInPlace(free, random);
    const left: number[] = [];
    for (let place = 0; place + 1 < ends.length; place += 2) {
      const [a = 0, b = 0] = [ends[place], ends[place + 1]];
      if (a === b || others[a]?.has(b)) {
        left.push(a, b);
        continue;
      }
      others[a]?.add(b);
      others[b]?.add(a);
    }
    if (left.length === free.length && !canBeJoined(left, others)) return null;
    free = left;
  }
  return others;
}

function canBeJoined(ends: readonly number[], others: ReadonlyArray<Set<number>>): boolean {
  return ends.some((a) => ends.some((b) => a !== b && !others[a]?.has(b)));
}

/** Fisher–Yates, without a copy: a thousand nodes have thousands of ends. */
function shuffledInPlace(items: number[], random: Random): number[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other] ?? 0, items[last] ?? 0];
  }
  return items;
}

function isConnected(others: ReadonlyArray<Set<number>>): boolean {
  const seen = new Set([0]);
  for (const one of seen) for (const next of others[one] ?? []) seen.add(next);
  return seen.size === others.length;
}
