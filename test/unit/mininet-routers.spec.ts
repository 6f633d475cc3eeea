/**
 * Goal: hosts of a Mininet file that forward are routers without daemons, with the file's addresses and
 * routes; hosts that tag are in their VLANs; nothing that such classes do is left out in silence.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { loadScenario } from '../../harness/language/load.js';
import { resolveScenario } from '../../harness/language/resolve.js';
import { nodesWith } from '../../harness/model/node-traits.js';
import { mininetNoteTexts } from '../../reports/mininet-notes.js';
import { examined, fileOf } from '../fixtures/mininet/written-file.js';

test.skip(!existsSync('/usr/lib/python3/dist-packages/mininet'), 'Mininet is not installed');

const labs = new URL('../fixtures/labs/', import.meta.url).pathname;

async function offices() {
  const { written } = await loadScenario(`${labs}mininet-routers.ts`, labs);
  return resolveScenario(written, { name: 'offices', seed: 1 }).topology;
}

test('a host that forwards is a router without daemons, as its links and commands state it', async () => {
  const { nodes } = await offices();
  const [r1, r2] = nodesWith(nodes, 'routes');
  expect(r1).toMatchObject({
    ...{ name: 'r1', suite: 'kernel', daemons: [], sessions: [] },
    protocols: { paths: 1, static: [{ prefix: '198.18.0.0/24', via: '203.0.113.2' }] },
    interfaces: [
      { port: 'r1-eth0', link: 's1-r1', address: '192.0.2.1/25' },
      { port: 'r1-eth1', link: 'r1-r2', address: '203.0.113.1/30' },
    ],
  });
  // The address of the node itself is that of its first interface.
  expect(r2?.interfaces.map(({ port, address }) => [port, address])).toEqual([
    ['inside', '198.18.0.1/24'],
    ['r2-eth1', '203.0.113.2/30'],
  ]);
  expect(nodes.find(({ name }) => name === 'h1')).toMatchObject({
    address: '192.0.2.9/25',
    defaultRoute: 'via 192.0.2.1',
  });
});

test('hosts that tag are in their VLAN, trunks carry all, and the rest is in one of its own', async () => {
  const { links, nodes, mininetFile } = await offices();
  expect(Object.fromEntries(links.map(({ id, vlan }) => [id, vlan]))).toEqual({
    's1-r1': { mode: 'access', id: 1 },
    's2-r2': { mode: 'access', id: 1 },
    'r1-r2': undefined,
    's2-s3': { mode: 'trunk', ids: [30, 40], native: 1 },
    'h1-s1': { mode: 'access', id: 1 },
    'h2-s2': { mode: 'access', id: 1 },
    't1-s2': { mode: 'tagged', id: 30 },
    't2-s3': { mode: 'tagged', id: 30 },
    't3-s3': { mode: 'tagged', id: 40 },
  });
  expect(nodes.find(({ name }) => name === 't2')).toMatchObject({ address: '100.64.0.2/24' });
  expect(mininetNoteTexts(mininetFile?.notes)).toEqual([
    'r1, r2: cls=Forwarder is built as a router without daemons',
    't1, t2: cls=Tagger is built as a host that tags VLAN 30',
    't3: cls=Tagger is built as a host that tags VLAN 40',
    'r1, r2, h1, h2: without a VLAN in the file; the switches keep such frames in VLAN 1',
  ]);
});

/** Two hosts at a node `r` whose class runs these commands; `links` are arguments of its two links. */
const routed = (commands: readonly string[], links = ['', ''], words = '') =>
  fileOf(
    [
      'from mininet.topo import Topo',
      'from mininet.node import Node',
      'class R(Node):',
      '    def config(self, **params):',
      ...commands.map((command) => `        self.cmd(${JSON.stringify(command)})`),
      'class T(Topo):',
      '    def build(self):',
      `        self.addNode('r', cls=R, ip='10.0.1.1/24'${words})`,
      "        self.addHost('h1', ip='10.0.1.9/24', defaultRoute='via 10.0.1.1')",
      "        self.addHost('h2', ip='10.0.2.9/24', defaultRoute='via 10.0.2.1')",
      `        self.addLink('r', 'h1'${links[0]})`,
      `        self.addLink('r', 'h2'${links[1]})`,
      "topos = {'t': T}",
      '',
    ].join('\n'),
  );
const forwards = 'sysctl net.ipv4.ip_forward=1';
const second = ", params1={'ip': '10.0.2.1/24'}";

test('what a class does beside forwarding is listed, command by command', async () => {
  const file = routed(
    [forwards, 'iptables -A FORWARD -j ACCEPT', 'ip addr add 10.9.9.9/24 dev dummy0'],
    [", params1={'ip': '10.7.7.7/24', 'mac': '02:00:00:00:00:07'}", second],
    ", cpu=0.5, colour='red'",
  );
  const { notes, problems, node } = await examined(file);
  expect(problems).toEqual([]);
  expect(mininetNoteTexts(notes)).toEqual([
    'r: cpu=0.5 is not applied: the lab does not limit processors',
    'r: cls=R is built as a router without daemons',
    "r: params1={'ip': '10.7.7.7/24'} is replaced by 10.0.1.1/24, the node's own address, as in Mininet",
    "r: the command 'ip addr add 10.9.9.9/24 dev dummy0' of its class is not run",
    "r: the command 'iptables -A FORWARD -j ACCEPT' of its class is not run",
    "r-h1: params1={'mac': '02:00:00:00:00:07'} is not applied by the lab",
  ]);
  expect(node('r')).toMatchObject({ kind: 'router', interfaces: [{}, { address: '10.0.2.1/24' }] });
});

test('an interface that the file gives no address gets one, which is listed', async () => {
  const { notes, node } = await examined(routed([forwards]));
  expect(mininetNoteTexts(notes)).toContain(
    'r-eth1: an interface of a router without an address; the lab assigns one',
  );
  expect(node('r')).toMatchObject({ interfaces: [{}, { address: '10.0.2.1/24' }] });
});

const refused: Array<[string, string, string]> = [
  [
    'a bandwidth of one end',
    routed([forwards], [", params1={'bw': 10}", second]),
    "the link 'r-h1' uses what the lab does not support: params1={'bw': 10}",
  ],
  [
    'an address without a prefix',
    routed([forwards], ['', ", params1={'ip': '10.0.2.1'}"]),
    "the link at r-eth1 has params1={'ip': '10.0.2.1'}; an address with a prefix, such as '10.0.1.1/24', is expected",
  ],
  [
    'a router that tags',
    routed([forwards, 'vconfig add r-eth0 7'], ['', second]),
    "the host 'r' forwards and tags VLAN 7; a router of the lab has no VLAN interfaces",
  ],
  [
    'a route by an address that is not near',
    routed([forwards, 'ip route add 10.5.0.0/16 via 192.0.2.7'], ['', second]),
    "'192.0.2.7' is neither a neighbour of 'r' nor an address in one of its subnets",
  ],
];
for (const [what, file, message] of refused) {
  test(`${what} is refused, with the value`, async () => {
    const { problems } = await examined(file);
    expect(problems.map((problem) => problem.message)).toContain(message);
  });
}

test('a config that fails is told with its line', async () => {
  const file = routed([forwards]);
  writeFileSync(file, readFileSync(file, 'utf8').replace('self.cmd(', 'self.cmd(1 / 0, '));
  await expect(examined(file)).rejects.toThrow(/net\.py:5: ZeroDivisionError: division by zero/);
});
