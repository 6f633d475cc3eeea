/** Shapes of large networks: as many nodes and links as theory has, and the same for the same seed. */
import { expect, test } from '@playwright/test';
import * as lab from '../../harness/index.js';

type Part = ReturnType<typeof lab.fatTree>[number];

/** Nodes without hosts, hosts, and pairs of nodes that are joined. */
function shapeOf(parts: readonly Part[]) {
  const written = JSON.parse(JSON.stringify(parts)) as Array<Record<string, string>>;
  const hosts = written.filter(({ kind }) => kind === 'host');
  const joins = written.filter(({ a, b }) => a !== undefined && b !== undefined);
  const nodes = written.filter((part) => part.name !== undefined && part.kind !== 'host');
  const neighbours = new Map<string, Set<string>>();
  for (const { a = '', b = '' } of joins) {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      neighbours.set(from, (neighbours.get(from) ?? new Set()).add(to));
    }
  }
  return { hosts, joins, nodes, neighbours };
}

for (const [ports, switches, hosts, links] of [
  [2, 5, 2, 4],
  [4, 20, 16, 32],
  [10, 125, 250, 500],
] as const) {
  test(`a fat tree of ${ports} ports: ${switches} switches, ${hosts} hosts, no switch with more ports`, () => {
    const { nodes, hosts: own, joins, neighbours } = shapeOf(lab.fatTree(ports));
    expect([nodes.length, own.length, joins.length]).toEqual([switches, hosts, links]);
    for (const { name = '' } of nodes) {
      const plugged = own.filter(({ on }) => on === name).length;
      expect((neighbours.get(name)?.size ?? 0) + plugged, name).toBe(ports);
    }
  });
}

for (const [size, degree] of [
  [10, 3],
  [100, 3],
  [31, 4],
  [1000, 5],
  [4, 3],
] as const) {
  test(`a random network of ${size} nodes: each has ${degree} neighbours, all are connected`, () => {
    const { nodes, neighbours, joins } = shapeOf(lab.randomRegular(size, { degree, seed: 7 }));
    expect(nodes.length).toBe(size);
    expect(joins.length).toBe((size * degree) / 2);
    expect([...neighbours.values()].filter((others) => others.size !== degree)).toEqual([]);
    const seen = new Set([nodes[0]?.name ?? '']);
    for (const one of seen) for (const next of neighbours.get(one) ?? []) seen.add(next);
    expect(seen.size).toBe(size);
  });
}

test('the seed decides which network it is', () => {
  const of = (seed: number) => JSON.stringify(lab.randomRegular(30, { seed }));
  expect(of(5)).toBe(of(5));
  expect(of(5)).not.toBe(of(6));
});

for (const [what, make, message] of [
  [
    'an odd number of ports',
    () => lab.fatTree(5),
    'fatTree: the number of ports must be even, got 5',
  ],
  [
    'too many ports',
    () => lab.fatTree(30),
    /fatTree: sizes must be whole numbers from 5 to 1000, got/,
  ],
  ['an odd number of ends', () => lab.randomRegular(5), /nodes times degree must be even.*5 × 3/],
  [
    'more neighbours than nodes',
    () => lab.randomRegular(4, { degree: 4 }),
    /degree must be less than 4/,
  ],
  [
    'no seed',
    () => lab.randomRegular(6, { seed: -1 }),
    /seed must be a whole number from 0, got -1/,
  ],
  [
    'an option of another builder',
    () => lab.fatTree(4, { degree: 3 } as object),
    /fatTree: there is no option 'degree' \(options: of, hosts/,
  ],
] as const) {
  test(`refused: ${what}`, () => {
    expect(make).toThrow(message);
  });
}
