/**
 * Goal: a containerlab file becomes a scenario with the routers, addresses and timers that its files
 * and commands state, and every line of which nothing is taken is listed.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { LabError } from '../../harness/errors.js';
import { readCommands } from '../../harness/language/import/exec-lines.js';
import { readFrrFile } from '../../harness/language/import/frr-file.js';
import { importFile } from '../../harness/language/import/import-file.js';
import { packageRoot } from '../../harness/package-root.js';
import { importNoteTexts } from '../../reports/import-notes.js';
import { tornText } from '../hostile.js';

const fixtures = join(packageRoot(), 'test/fixtures/import');

/** A file `lab.clab.yml` with these, and what else it binds. */
function lab(text: string, others: Readonly<Record<string, string>> = {}): string {
  const folder = test.info().outputPath('lab');
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(others)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  writeFileSync(join(folder, 'lab.clab.yml'), text);
  return join(folder, 'lab.clab.yml');
}

test('a square of FRR routers: addresses, costs, timers and BFD as their files state them', async () => {
  const { resolved, problems, plan, network } = await importFile(
    join(fixtures, 'square.clab.yml'),
    {},
  );
  expect(problems).toEqual([]);
  const r1 = resolved?.topology.nodes.find(({ name }) => name === 'r1');
  expect(r1).toMatchObject({
    kind: 'router',
    loopback: '10.255.0.1/32',
    interfaces: [
      { link: 'r1-r2', address: '10.1.12.1/30' },
      { link: 'r1-r3', address: '10.1.13.1/30' },
      { link: 'r1-pc1', address: '192.168.1.1/24' },
    ],
    protocols: {
      ospf: { helloMs: 1000, deadMs: 4000, retransmitMs: 1000, spfDelayMs: 10, spfMaxMs: 500 },
      bfd: { intervalMs: 100, multiplier: 3 },
    },
  });
  const pc1 = resolved?.topology.nodes.find(({ name }) => name === 'pc1');
  expect(pc1).toMatchObject({ address: '192.168.1.10/24', defaultRoute: 'via 192.168.1.1' });
  const costs = resolved?.topology.links.map(({ id, metric }) => [id, metric]).slice(0, 4);
  expect(costs).toEqual([
    ...[
      ['r1-r2', 10],
      ['r1-r3', 20],
      ['r2-r4', 10],
      ['r3-r4', 20],
    ],
  ]);
  expect(plan.way).toMatchObject({ ends: ['pc1', 'pc2'], spare: 'node' });
  expect(network.outageAtMost).toBe('2s');
  expect(importNoteTexts(network.notes)).toEqual([
    'host (r4-host): a link that leads out of the lab',
    "pc1: the command 'iperf3 -s -D' is not run",
    'pc2: mgmt-ipv4 is not applied',
    "r1: the line 'ip prefix-list all permit 0.0.0.0/0 le 32' of the configuration is not applied",
  ]);
});

test('BGP by vtysh, a folder of configurations, bridges, and kinds that no lab has', async () => {
  const vtysh = [
    "vtysh -c 'conf t' -c 'interface eth1' -c 'ip address 10.0.0.2/24'",
    "-c 'router bgp 65002' -c 'neighbor 10.0.0.1 remote-as 65001' -c 'timers bgp 3 9' -c end",
  ].join(' ');
  const path = lab(
    `name: mixed
topology:
  defaults: { kind: linux, image: quay.io/frrouting/frr:10.2.1 }
  nodes:
    1: { binds: ["config/1:/etc/frr"] }
    Spine-Router-2: { exec: ["${vtysh}"] }
    lan: { kind: bridge }
    ovs1: { kind: ovs-bridge }
    srl: { kind: nokia_srlinux, image: ghcr.io/nokia/srlinux, startup-config: srl.cfg }
    gw:
      image: alpine
      exec: [sysctl -w net.ipv4.ip_forward=1, ip route add 10.9.0.0/16 via 10.0.0.1 dev eth1, ip addr add 10.0.0.7/24 dev eth1]
  links:
    - endpoints: ["1:eth1", "lan:p1"]
    - endpoints: ["Spine-Router-2:eth1", "lan:p2"]
    - endpoints: ["gw:eth1", "lan:p3"]
    - endpoints: ["1:eth2", "srl:e1-1"]
    - endpoints: ["1:eth3", "srl:e1-2"]
      mtu: 9000
    - endpoints: ["Spine-Router-2:eth2", "ovs1:p1"]
`,
    {
      'config/1/zebra.conf': 'interface eth1\n ip address 10.0.0.1/24\n',
      'config/1/bgpd.conf':
        'router bgp 65001\n neighbor 10.0.0.2 remote-as 65002\n neighbor 10.0.0.2 bfd\n neighbor 10.0.0.2 route-map X in\n',
      'config/1/daemons': 'bgpd=yes\nbfdd=no\n',
    },
  );
  const { network, resolved, problems } = await importFile(path, {});
  expect(problems).toEqual([]);
  expect(network.nodes.map(({ name, label, becomes }) => [label ?? name, name, becomes])).toEqual([
    ['1', 'n1', 'router'],
    ['Spine-Router-2', 'spineroute', 'router'],
    ['lan', 'lan', 'linux-bridge'],
    ['ovs1', 'ovs1', 'switch'],
    ['srl', 'srl', 'router'],
    ['gw', 'gw', 'router'],
  ]);
  const one = resolved?.topology.nodes.find(({ name }) => name === 'n1');
  expect(one).toMatchObject({ protocols: { bgp: { as: 65001 } } });
  expect(one).not.toHaveProperty('protocols.bfd');
  const two = resolved?.topology.nodes.find(({ name }) => name === 'spineroute');
  expect(two).toMatchObject({ protocols: { bgp: { as: 65002, holdMs: 9000 } } });
  expect(two).toHaveProperty('interfaces.0.address', '10.0.0.2/24');
  expect(resolved?.topology.links.find(({ id }) => id === 'n1-srl-2')?.mtuBytes).toBe(9000);
  const texts = importNoteTexts(network.notes);
  expect(texts).toContain('srl: startup-config is not applied');
  expect(texts).toContain(
    "srl: a lab cannot run 'nokia_srlinux': a router of FRR with OSPF stands in, without the node's configuration",
  );
  expect(texts).toContain(
    '1: the file daemons does not start bfdd; what the configuration states for it is left out',
  );
  expect(texts).toContain('gw: several links or forwarding: a router with static routes');
  expect(texts).toContain(
    "1: the line 'neighbor 10.0.0.2 route-map X in' of the configuration is not applied",
  );
});

test('extended ends with addresses, groups, and merge keys of YAML', async () => {
  const path = lab(`
name: ends
x: &frr { kind: linux, image: "frr:8" }
topology:
  groups: { pcs: { kind: linux, image: alpine } }
  nodes:
    r1: { <<: *frr }
    pc1: { group: pcs }
    pc2: { group: pcs }
  links:
    - endpoints: [{ node: pc1, interface: eth1, ipv4: 10.0.1.5/24 }, { node: r1, interface: eth1, ipv4: 10.0.1.1/24 }]
    - endpoints: ["pc2:eth1", "r1:eth2"]
`);
  const { resolved, network, problems } = await importFile(path, {});
  expect(problems).toEqual([]);
  const node = (name: string) => resolved?.topology.nodes.find((one) => one.name === name);
  expect(node('pc1')).toMatchObject({ address: '10.0.1.5/24', defaultRoute: 'via 10.0.1.1' });
  expect(importNoteTexts(network.notes)).toEqual([
    'r1: no routing protocol in its files; OSPF with default timers stands in',
  ]);
});

test('of a /31 both addresses are used, also where one end states none', async () => {
  const path = lab(`
name: pairs
topology:
  defaults: { kind: linux, image: "frr:8" }
  nodes:
    r1: { exec: ["ip addr add 10.1.1.0/31 dev eth1"] }
    r2: {}
  links:
    - endpoints: ["r1:eth1", "r2:eth1"]
`);
  const { resolved, problems } = await importFile(path, {});
  expect(problems).toEqual([]);
  const ends = resolved?.topology.nodes.flatMap((node) =>
    node.kind === 'router' ? node.interfaces.filter(({ link }) => link === 'r1-r2') : [],
  );
  expect(ends?.map(({ address }) => address)).toEqual(['10.1.1.0/31', '10.1.1.1/31']);
});

test('configurations of FRR: what is taken, and what is left', () => {
  const read = readFrrFile(`
frr defaults datacenter
ip router-id 10.0.0.9
ip route 10.9.0.0/16 10.0.0.2
ip route 10.8.0.0/16 Null0
interface eth1
 ip ospf cost 7
 isis metric 9
 isis hello-interval 2
 isis hello-multiplier 4
 ip ospf area 0.0.0.1
router isis lab
 net 49.0001.0000.0000.0001.00
 is-type level-1
router bgp 4200000001
 timers bgp 5 15
 neighbor 10.0.0.2 remote-as external
 neighbor 10.0.0.2 timers connect 3
 neighbor 10.0.0.2 advertisement-interval 2
 address-family ipv4 unicast
  maximum-paths 4
  network 10.1.0.0/16
 exit-address-family
router ospf
 network 10.0.0.0/8 area 0
 timers throttle spf 1 2 3
 area 1 stub
!
bfd
 peer 10.0.0.2 interface eth1
  receive-interval 60
  transmit-interval 50
  echo-mode
`);
  expect(read).toEqual({
    interfaces: new Map([['eth1', { addresses: [], cost: 9 }]]),
    routerId: '10.0.0.9',
    static: [{ prefix: '10.9.0.0/16', via: '10.0.0.2' }],
    isis: { hello: 2, multiplier: 4 },
    bgp: { as: 4200000001, keepalive: 5, hold: 15, connectRetry: 3, advertise: 2 },
    ospf: { spf: { delay: 1, hold: 2, max: 3 } },
    paths: 4,
    left: [
      'ip route 10.8.0.0/16 Null0',
      'ip ospf area 0.0.0.1',
      'is-type level-1',
      'area 1 stub',
      'echo-mode',
    ],
  });
});

test('commands: addresses, routes and forwarding, in a shell or not', () => {
  const read = readCommands([
    'ip addr add 10.0.0.1/24 dev eth1',
    "sh -c 'ip address replace dev eth2 10.0.1.1/24 && ip link set eth2 up; ip route add default via 10.0.1.2'",
    'bash -c "echo 1 > /proc/sys/net/ipv4/ip_forward"',
    'ifconfig eth3 10.0.2.1/24 up',
    'ip -6 addr add 2001:db8::1/64 dev eth1',
    'tc qdisc add dev eth1 root netem delay 10ms',
  ]);
  expect(read).toEqual({
    addresses: [
      { interface: 'eth1', address: '10.0.0.1/24' },
      { interface: 'eth3', address: '10.0.2.1/24' },
    ],
    routes: [{ prefix: 'default', via: '10.0.1.2' }],
    forwards: true,
    vtysh: [],
    left: [
      'ip address replace dev eth2 10.0.1.1/24',
      'ip -6 addr add 2001:db8::1/64 dev eth1',
      'tc qdisc add dev eth1 root netem delay 10ms',
    ],
  });
});

test('a containerlab file, torn anywhere: imported, or refused with its path', async () => {
  const whole = readFileSync(join(fixtures, 'square.clab.yml'), 'utf8');
  const path = lab(whole);
  cpSync(join(fixtures, 'square'), join(path, '../square'), { recursive: true });
  await fc.assert(
    fc.asyncProperty(tornText(whole), async (text) => {
      writeFileSync(path, text);
      try {
        expect((await importFile(path, {})).text).toContain('export default scenario(');
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(LabError);
        expect((thrown as LabError).code).toBe('IMPORT_REFUSED');
        expect((thrown as LabError).message).toContain(path);
      }
    }),
    { numRuns: 200 },
  );
});
