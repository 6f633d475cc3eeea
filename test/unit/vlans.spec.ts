/** VLANs: what is written, what is refused, and which hosts they join. */
import { expect, test } from '@playwright/test';
import * as lab from '../../harness/index.js';
import { examineScenario } from '../../harness/language/resolve.js';
import { tagOn } from '../../harness/model/network/lanes.js';
import { segmentsOf } from '../../harness/model/network/segments.js';

const trunk = { trunk: [10, 20], native: 99 };
const network: lab.Topology = [
  lab.switches('s1', 's2'),
  lab.link('s1', 's2', { vlan: trunk }),
  lab.host('h1', { on: 's1', vlan: 10 }),
  lab.host('h2', { on: 's2', vlan: { tagged: 10 } }),
  lab.host('h3', { on: 's2', vlan: 20 }),
];

function examined(topology: lab.Topology, from = 'h1', to = 'h2', more: object = {}) {
  const written = {
    question: 'How long is a VLAN dark?',
    topology,
    traffic: [lab.iperf3(from, to, { bitrate: '10Mbit/s' })],
    timeline: [lab.at('2s', lab.linkDown(lab.linkOf('s1', 's2')))],
    ...more,
  };
  return examineScenario(written, { name: 'vlans', seed: 1 });
}

const complaints = (...given: Parameters<typeof examined>) =>
  examined(...given).problems.map(({ path, message }) => `${path}: ${message}`);

test('each VLAN is a segment of its own', () => {
  const { resolved, problems } = examined(network);
  expect(problems).toEqual([]);
  const segments = resolved ? segmentsOf(resolved.topology) : [];
  const joined = segments.map(({ lane, ends }) => [lane, ends.map(({ node }) => node).join(' ')]);
  expect(joined.filter(([, ends]) => ends !== '')).toEqual([
    ['10', 'h1 h2'],
    ['20', 'h3'],
  ]);
  expect(resolved?.topology.links.map(({ vlan }) => vlan)).toEqual([
    { mode: 'trunk', ids: [10, 20], native: 99 },
    { mode: 'access', id: 10 },
    { mode: 'tagged', id: 10 },
    { mode: 'access', id: 20 },
  ]);
});

test('a frame has a tag on trunks, but for the native VLAN, and where a host tags', () => {
  const vlan = { mode: 'trunk' as const, ids: [10], native: 99 };
  expect(tagOn({ vlan }, '10')).toBe(10);
  expect(tagOn({ vlan }, '99')).toBeNull();
  expect(tagOn({ vlan: { mode: 'access', id: 10 } }, '10')).toBeNull();
  expect(tagOn({ vlan: { mode: 'tagged', id: 10 } }, '10')).toBe(10);
  expect(tagOn({}, '')).toBeNull();
});

test('hosts of two VLANs have no way to each other without a router', () => {
  expect(complaints(network, 'h1', 'h3')).toContain(
    "traffic[0]: 'h1' (VLAN 10) and 'h3' (VLAN 20) are separated: no link carries the VLAN of one to the other, and there is no router",
  );
});

test('a router with a port in each VLAN joins them, with a subnet for each', () => {
  const { resolved, problems } = examined(
    [
      network,
      lab.router('r1', lab.frr({ static: [] })),
      lab.link('r1', 's1', { id: 'in10', vlan: 10 }),
      lab.link('r1', 's1', { id: 'in20', vlan: 20 }),
    ],
    'h1',
    'h3',
  );
  expect(problems).toEqual([]);
  const hosts = resolved?.topology.nodes.flatMap((node) => (node.kind === 'host' ? [node] : []));
  expect(hosts?.map(({ address, defaultRoute }) => [address, defaultRoute])).toEqual([
    ['10.0.1.10/24', 'via 10.0.1.1'],
    ['10.0.1.11/24', 'via 10.0.1.1'],
    ['10.0.2.10/24', 'via 10.0.2.1'],
  ]);
});

test('what a VLAN cannot be is refused with field, value and what to do', () => {
  const [switches, between, ...hosts] = network;
  const base = [switches, between, hosts] as lab.Topology;
  const with_ = (vlan: unknown): lab.Topology =>
    [switches, lab.link('s1', 's2', { vlan } as never), hosts] as lab.Topology;
  const cases: Array<[string[], string]> = [
    [complaints(with_(0)), 'topology[1].vlan: a VLAN must be a whole number from 1 to 4094, got 0'],
    [
      complaints(with_(4095)),
      'topology[1].vlan: a VLAN must be a whole number from 1 to 4094, got 4095',
    ],
    [
      complaints(with_({ trunk: [] })),
      'topology[1].vlan: a trunk carries at least one VLAN, got none',
    ],
    [
      complaints(with_({ tagged: 10 })),
      'topology[1].vlan: { tagged: 10 } is of a link between a host and a switch',
    ],
    [complaints(with_(undefined)), "topology[1]: 's1' has VLANs, and its link 's1-s2' states none"],
    [
      complaints(with_({ trunks: [10] })),
      'topology[1].vlan: must be a number, { trunk: [10, 20], native: 1 } or { tagged: 10 }',
    ],
    [
      complaints([base, lab.host('h4', { vlan: 10 })]),
      "topology[1].vlan: is of the link that 'on' makes, and there is none",
    ],
    [
      complaints([base, lab.linuxBridge('b1'), lab.link('s1', 'b1', { vlan: 10 })]),
      "topology[2].vlan: VLANs are of plain switches, and 'b1' is a Linux bridge",
    ],
    [
      complaints([base, lab.host('h4'), lab.link('h4', 's1', { vlan: trunk })]),
      "topology[2].vlan: a trunk joins two switches, and 'h4' is a host",
    ],
    [
      complaints(network, 'h1', 'h2', { controller: lab.ovsTestController() }),
      'controller: flows of a controller decide by themselves: the VLANs of ports would not count',
    ],
  ];
  for (const [said, wanted] of cases) expect(said).toContain(wanted);
});
