/** Goal: sizes, addresses, ways and pictures of a network are what arithmetic says. */
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import * as lab from '../../harness/index.js';
import { resolveScenario } from '../../harness/language/resolve.js';
import {
  addressSource,
  datapathId,
  formatAddress,
  macAddress,
  parseCidr,
  parseDatapathId,
  parseMac,
} from '../../harness/model/network/addresses.js';
import { mayCarry, mayCarryEdge } from '../../harness/model/network/carriers.js';
import {
  backupPath,
  type Graph,
  graphOf,
  shortestPath,
} from '../../harness/model/network/graph.js';
import { findLoop, nodesOnLoops } from '../../harness/model/network/loops.js';
import {
  encapsulation,
  innerMtuBytes,
  largestMssBytes,
  mtuSum,
} from '../../harness/model/network/mtu.js';
import { tunnelPort } from '../../harness/model/network/names.js';
import {
  hostNames,
  onHost,
  rootNames,
  tooLongOnHost,
} from '../../harness/model/network/root-names.js';
import { sketchTopology } from '../../harness/model/network/sketch.js';

function resolved(topology: lab.Topology, ends: [string, string]) {
  const written = lab.scenario({
    question: 'What does it look like?',
    topology,
    controller: lab.floyd(),
    traffic: [lab.iperf3(...ends, { mss: '1400B' })],
    timeline: [lab.at('5s', lab.blackhole(lab.linkOnPath(...ends)))],
  });
  return resolveScenario(written, { name: 'drawn', seed: 1 }).topology;
}

for (const [kind, key, inner, mss] of [
  ['gre', false, 1462, 1422],
  ['gre', true, 1458, 1418],
  ['vxlan', true, 1450, 1410],
  ['geneve', true, 1450, 1410],
] as const) {
  test(`${kind}${key ? ' with key' : ''} over 1500 bytes leaves ${inner}, MSS ${mss}`, () => {
    expect(innerMtuBytes(kind, key, 1500)).toBe(inner);
    expect(largestMssBytes(inner)).toBe(mss);
  });
}

test('the sum that people read adds up', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('gre' as const, 'vxlan' as const, 'geneve' as const),
      fc.boolean(),
      fc.integer({ min: 576, max: 9000 }),
      (kind, key, underlay) => {
        const [left = '', right = ''] = mtuSum(kind, key, underlay).split(' = ');
        const numbers = left
          .replace(/\([^)]*\)/g, '')
          .split(' - ')
          .map(Number);
        const sum = numbers.reduce((rest, number) => rest - number);
        const terms = encapsulation(kind, key).terms.length;
        return sum === Number(right) && numbers.length === terms + 1;
      },
    ),
  );
});

test('addresses survive being read and written', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(
      fc.tuple(octet, octet, octet, octet),
      fc.integer({ min: 0, max: 32 }),
      (o, prefix) => {
        const cidr = parseCidr(`${o.join('.')}/${prefix}`);
        if (cidr === undefined) return false;
        const inside = cidr.first <= cidr.address && cidr.address <= cidr.last;
        return formatAddress(cidr.address) === o.join('.') && inside;
      },
    ),
  );
});

for (const text of ['10.0.0.1', '10.0.0.256/8', '10.0.0.01/8', '10.0.0.1/33', ' 10.0.0.1/8', 'x']) {
  test(`'${text}' is no address`, () => {
    expect(parseCidr(text)).toBeUndefined();
  });
}

test('assigned addresses are in order and skip the taken', () => {
  const taken = new Set([parseCidr('10.9.0.2/30')?.address ?? 0]);
  const next = addressSource('10.9.0.0/30', taken);
  expect([next(), next(), next()]).toEqual(['10.9.0.1/30', undefined, undefined]);
});

test('datapath ids have sixteen digits, MAC addresses are local and unicast', () => {
  expect(datapathId(161)).toBe('00000000000000a1');
  expect(parseDatapathId('0xA1')).toBe('00000000000000a1');
  expect([parseDatapathId('0'), parseDatapathId('g'), parseDatapathId('1'.repeat(17))]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(macAddress(258)).toBe('02:00:00:00:01:02');
  expect(parseMac('02:00:00:00:01:0A')).toBe('02:00:00:00:01:0a');
  expect(parseMac('01:00:5e:00:00:01')).toBeUndefined();
});

test('tunnel ports stay within fifteen characters and differ', () => {
  const taken = new Set<string>();
  for (let n = 0; n < 12; n += 1) taken.add(tunnelPort('geneve', 'abcdefghij', taken));
  expect(taken.size).toBe(12);
  expect(Math.max(...[...taken].map((port) => port.length))).toBeLessThanOrEqual(15);
});

test('ports are counted as Mininet counts them', () => {
  const { links } = resolved([lab.line(3)], ['h1', 'h3']);
  expect(links.map(({ a, b }) => [a.port, b.port])).toEqual([
    ['h1-eth0', 's1-eth1'],
    ['h2-eth0', 's2-eth1'],
    ['h3-eth0', 's3-eth1'],
    ['s1-eth2', 's2-eth2'],
    ['s2-eth3', 's3-eth2'],
  ]);
});

test('builders make as many nodes and joins as their names say', () => {
  const count = (parts: lab.TopologyPart[]) => {
    const joins = parts.filter(({ kind }) => kind === 'link' || kind === 'gre');
    const hosts = parts.filter(({ kind }) => kind === 'host');
    return [parts.length - joins.length - hosts.length, hosts.length, joins.length];
  };
  expect(count(lab.line(4))).toEqual([4, 4, 3]);
  expect(count(lab.ring(4))).toEqual([4, 4, 4]);
  expect(count(lab.star(4, { hosts: 2 }))).toEqual([5, 8, 4]);
  expect(count(lab.tree(2, 3))).toEqual([13, 9, 12]);
  expect(count(lab.torus(3, 4, { of: 'relays' }))).toEqual([12, 12, 24]);
  expect(count(lab.leafSpine({ leaves: 4, spines: 2 }))).toEqual([6, 4, 8]);
  expect(count(lab.fullMesh(5, { hosts: 0 }))).toEqual([5, 0, 10]);
  expect(count(lab.parallelRelays(3))).toEqual([5, 2, 6]);
  expect(() => lab.ring(2.5)).toThrow('ring: sizes must be whole numbers from 3 to 1000, got 2.5');
});

const diamond = () => graphOf(resolved([lab.parallelRelays(2)], ['h1', 'h2']));

test('a backup shares no relay with the path', () => {
  const graph = diamond();
  const path = shortestPath(graph, 'h1', 'h2');
  expect(path?.nodes).toEqual(['h1', 'e1', 'r1', 'e2', 'h2']);
  expect(path && backupPath(graph, path)?.nodes).toEqual(['h1', 'e1', 'r2', 'e2', 'h2']);
  expect(findLoop(graph)).toHaveLength(4);
});

test('a dead end carries nothing, although it can be reached', () => {
  const spare = [lab.relay('spare'), lab.gre('spare', 'r1')];
  const graph = graphOf(resolved([lab.parallelRelays(2), spare], ['h1', 'h2']));
  expect(mayCarry(graph, 'r1', 'h1', 'h2')).toBe(true);
  expect(mayCarry(graph, 'spare', 'h1', 'h2')).toBe(false);
  expect(mayCarryEdge(graph, 'gre-spare-r1', 'h1', 'h2')).toBe(false);
  expect(mayCarryEdge(graph, 'gre-e1-r2', 'h1', 'h2')).toBe(true);
});

/** Every way without repeated nodes, by brute force: the edges of each. */
function allPaths(graph: Graph, from: string, to: string, seen: string[] = [from]): string[][] {
  if (from === to) return [[]];
  if (seen.length > 1 && graph.hosts.has(from)) return [];
  return graph.edges.flatMap(({ id, a, b }) => {
    const next = a === from ? b : b === from ? a : undefined;
    if (next === undefined || seen.includes(next)) return [];
    return allPaths(graph, next, to, [...seen, next]).map((rest) => [id, ...rest]);
  });
}

/** Six switches, some joined by two cables, and a host at each of the first two. */
function drawnGraph(chosen: ReadonlyArray<readonly [string, string]>): Graph {
  const inner = chosen.map(([a, b], n) => ({ id: `${a}${b}${n}`, a, b }));
  const ends = [
    { id: 'x', a: 'h1', b: 's1' },
    { id: 'y', a: 'h2', b: 's2' },
  ];
  return {
    hosts: new Set(['h1', 'h2']),
    forwarders: new Set(switchNames),
    edges: [...inner, ...ends],
  };
}

const switchNames = ['s1', 's2', 's3', 's4', 's5', 's6'];
const switchPairs = switchNames.flatMap((a, i) =>
  switchNames.slice(i + 1).map((b) => [a, b] as const),
);
const someCables = fc.array(fc.constantFrom(...switchPairs), { maxLength: 9 });

test('what may carry traffic is what lies on some path, nodes and cables alike', () => {
  fc.assert(
    fc.property(someCables, (chosen) => {
      const graph = drawnGraph(chosen);
      const edgesOnPaths = new Set(allPaths(graph, 'h1', 'h2').flat());
      const onPaths = graph.edges.filter(({ id }) => edgesOnPaths.has(id));
      const nodesOnPaths = new Set(onPaths.flatMap(({ a, b }) => [a, b]));
      return (
        switchNames.every((name) => mayCarry(graph, name, 'h1', 'h2') === nodesOnPaths.has(name)) &&
        graph.edges.every(({ id }) => mayCarryEdge(graph, id, 'h1', 'h2') === edgesOnPaths.has(id))
      );
    }),
    { numRuns: 300 },
  );
});

test('a node lies on a loop when one of its cables could be taken out and the way stays', () => {
  fc.assert(
    fc.property(someCables, (chosen) => {
      const graph = drawnGraph(chosen);
      const looped = ({ id, a, b }: Graph['edges'][number]) => {
        const rest = { ...graph, edges: graph.edges.filter((edge) => edge.id !== id) };
        return shortestPath(rest, a, b) !== undefined;
      };
      const inner = graph.edges.filter(({ a }) => !graph.hosts.has(a));
      const expected = new Set(inner.filter(looped).flatMap(({ a, b }) => [a, b]));
      expect([...nodesOnLoops(graph)].sort()).toEqual([...expected].sort());
      expect(findLoop(graph).length > 0).toBe(expected.size > 0);
    }),
    { numRuns: 300 },
  );
});

test('the sketch shows path and backup', () => {
  const topology = resolved([lab.parallelRelays(3)], ['h1', 'h2']);
  expect(sketchTopology(topology, { from: 'h1', to: 'h2' }).split('\n')).toEqual([
    'h1 -- e1 == r1 == e2 -- h2   path',
    '       |           |',
    '       +=== r2 ====+         backup',
    'r3  == e1  == e2',
  ]);
});

test('the sketch says when there is no backup, and never exceeds 80 columns', () => {
  const topology = resolved([lab.line(30)], ['h1', 'h30']);
  const lines = sketchTopology(topology, { from: 'h1', to: 'h30' }).split('\n');
  expect(lines).toContain('(no backup path)');
  expect(Math.max(...lines.map((text) => text.length))).toBeLessThanOrEqual(80);
});

test('on the host every name in its network has the prefix, and no other name changes', () => {
  const topology = resolved(
    [
      lab.ovsSwitch('s1'),
      lab.relays('e1', 'e2'),
      lab.host('h1', { on: 's1' }),
      lab.host('h2', { on: 'e2' }),
      lab.link('s1', 'e1'),
      lab.gre('e1', 'e2'),
    ],
    ['h1', 'h2'],
  );
  const moved = onHost(topology);
  expect(hostNames(moved).sort()).toEqual([
    ...['fl-control0', 'fl-e1-ctb', 'fl-e1-fab', 'fl-e2-ctb', 'fl-e2-fab', 'fl-fabric0'],
    ...['fl-s1', 'fl-s1-eth1', 'fl-s1-eth2'],
  ]);
  const ports = (links: typeof topology.links) => links.flatMap(({ a, b }) => [a.port, b.port]);
  expect(ports(moved.links)).toEqual(
    ports(topology.links).map((port) => port.replace(/^s1-/, 'fl-s1-')),
  );
  expect(moved.tunnels).toEqual(topology.tunnels);
  expect(tooLongOnHost(moved)).toEqual([]);
  expect(rootNames(topology).fabricPort('e1')).toBe('e1-fab');
});

test('a name that the prefix makes too long is told', () => {
  const topology = onHost(
    resolved(
      [
        lab.relays('e1', 'e23456789'),
        lab.host('h1', { on: 'e1' }),
        lab.host('h2', { on: 'e23456789' }),
        lab.gre('e1', 'e23456789'),
      ],
      ['h1', 'h2'],
    ),
  );
  expect(tooLongOnHost(topology)).toEqual(['fl-e23456789-ctb', 'fl-e23456789-fab']);
});
