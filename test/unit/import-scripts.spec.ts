/**
 * Goal: a Python script that builds its own Mininet is run with nothing built, and becomes a scenario
 * with its nodes, links and commands. Needs Mininet, but no network and no privileges.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { importFile } from '../../harness/language/import/import-file.js';
import { packageRoot } from '../../harness/package-root.js';
import { importNoteTexts } from '../../reports/import-notes.js';

const shipped = '/usr/lib/python3/dist-packages/mininet';
test.skip(!existsSync(shipped), 'Mininet is not installed');

function script(text: string, others: Readonly<Record<string, string>> = {}): string {
  for (const [name, content] of Object.entries(others)) {
    writeFileSync(test.info().outputPath(name), content);
  }
  const path = test.info().outputPath('lab.py');
  writeFileSync(path, text);
  return path;
}

const start = `
from mininet.net import Mininet
from mininet.node import Node, Host, RemoteController
from mininet.link import TCLink
`;

test("MiniEdit's script: nothing is built, written or started", async () => {
  const trace = '/tmp/miniedit-was-here';
  rmSync(trace, { force: true });
  const path = join(packageRoot(), 'test/fixtures/import/miniedit.py');
  const { network, resolved, plan, problems } = await importFile(path, {});
  expect(problems).toEqual([]);
  expect(existsSync(trace)).toBe(false);
  const { nodes = [], links = [] } = resolved?.topology ?? {};
  expect(nodes.map(({ kind, name }) => [kind, name])).toEqual([
    ...['s1', 's2', 's3'].map((name) => ['switch', name]),
    ...['h1', 'h2'].map((name) => ['host', name]),
  ]);
  expect(nodes.find(({ name }) => name === 's2')).toMatchObject({ dpid: '00000000000000b2' });
  expect(nodes.find(({ name }) => name === 'h1')).toMatchObject({ address: '10.0.0.1/8' });
  expect(links.find(({ id }) => id === 's1-s2')).toMatchObject({
    ...{ bandwidthBps: 100e6, queuePackets: 200 },
  });
  expect(resolved?.controller.kind).toBe('none');
  expect(nodes[0]).toMatchObject({ spanningTree: 'rstp' });
  expect(plan.way).toMatchObject({ ends: ['h1', 'h2'], spare: 'link' });
  expect(importNoteTexts(network.notes)).toEqual([
    'echo built > /tmp/miniedit-was-here: programs that the script starts; they are not run',
    'eth7 at s3: an interface of the machine, which a lab does not have',
    "c0: Mininet's own controller would let broadcasts circle in the loops of this network; the scenario has none",
    "h1: the command 'iperf -s &' is not run",
  ]);
});

test('a host with forwarding is a router, with addresses of its links and calls', async () => {
  const path = script(`${start}
class LinuxRouter(Node):
    def config(self, **params):
        super().config(**params)
        self.cmd('sysctl net.ipv4.ip_forward=1')

net = Mininet(controller=None)
r0 = net.addHost('r0', cls=LinuxRouter, ip=None)
r1 = net.addHost('R1')
h1 = net.addHost('h1', ip='10.0.1.5/24', mac='02:00:00:00:00:05', defaultRoute='via 10.0.1.1')
h2 = net.addHost('h2', ip='10.0.2.5/24')
net.addLink(h1, r0, params2={'ip': '10.0.1.1/24'})
net.addLink(r0, r1, intfName1='wan', params1={'ip': '10.0.9.1/30'})
net.addLink(r1, h2)
net.start()
r1.setIP('10.0.9.2', 30, 'R1-eth0')
r1.cmd('ifconfig R1-eth1 10.0.2.1 netmask 255.255.255.0')
r1.cmd('echo 1 > /proc/sys/net/ipv4/ip_forward')
r1.cmd('route add -net 10.0.1.0 netmask 255.255.255.0 gw 10.0.9.1')
r0.cmd('ip route add 10.0.2.0/24 via 10.0.9.2')
h2.cmd('ip route add default via 10.0.2.1')
net.stop()
`);
  const { resolved, network, problems } = await importFile(path, {});
  expect(problems).toEqual([]);
  const node = (name: string) => resolved?.topology.nodes.find((one) => one.name === name);
  expect(node('r0')).toMatchObject({
    kind: 'router',
    loopback: '10.255.0.1/32',
    interfaces: [
      { link: 'h1-r0', address: '10.0.1.1/24' },
      { link: 'r0-r1', address: '10.0.9.1/30' },
    ],
    protocols: { static: [{ prefix: '10.0.2.0/24', via: '10.0.9.2' }] },
  });
  expect(node('r1')).toMatchObject({
    protocols: { static: [{ prefix: '10.0.1.0/24', via: '10.0.9.1' }] },
  });
  expect(node('h1')).toMatchObject({ mac: '02:00:00:00:00:05', defaultRoute: 'via 10.0.1.1' });
  expect(importNoteTexts(network.notes)).toEqual([
    'r0, R1: several links or forwarding: a router with static routes',
  ]);
});

test('daemons of FRR with their files, a remote controller, NAT, and an early end', async () => {
  const path = script(
    `${start}
net = Mininet(controller=RemoteController, link=TCLink)
net.addController('c0', ip='192.0.2.9', port=6653)
r1, r2 = [net.addHost(name, ip=None) for name in ('r1', 'r2')]
s1 = net.addSwitch('s1')
h1, h2 = net.addHost('h1', ip='10.1.0.5/24'), net.addHost('h2', ip='10.2.0.5/24', cpu=0.5)
net.addNAT().configDefault()
net.addLink(h1, s1, delay='2ms', loss=200)
net.addLink(s1, r1)
net.addLink(r1, r2)
net.addLink(r2, h2)
net.start()
for router in (r1, r2):
    router.cmd('sysctl -w net.ipv4.ip_forward=1')
    router.cmd('/usr/lib/frr/zebra -f zebra.conf -d -i /tmp/z.pid')
    router.cmd('/usr/lib/frr/ospfd -f ospfd.conf -d')
r2.cmd('/usr/lib/frr/bgpd -f missing.conf -d')
assert int(r1.cmd('pgrep -c ospfd')) == 1
`,
    {
      'zebra.conf': 'log file /tmp/zebra.log\n',
      'ospfd.conf': 'interface r1-eth1\n ip ospf hello-interval 1\n ip ospf dead-interval 3\n',
    },
  );
  const { resolved, network, problems, plan } = await importFile(path, {});
  expect(problems).toEqual([]);
  expect(network.nodes.map(({ name }) => name)).not.toContain('nat0');
  expect(resolved?.controller).toMatchObject({ kind: 'none' });
  expect(resolved?.topology.nodes.find(({ name }) => name === 'r1')).toMatchObject({
    protocols: { ospf: { helloMs: 1000, deadMs: 3000 } },
  });
  expect(resolved?.topology.links[0]).toMatchObject({ delayMs: 2, lossPercent: 0 });
  expect(plan.fields.expect).toBeUndefined();
  const texts = importNoteTexts(network.notes);
  for (const text of [
    "line 22: the script ended here, with ValueError: invalid literal for int() with base 10: ''; what it stated until then is taken",
    'h1-s1: loss=200 is not applied',
    'h2: cpu=0.5 is not applied',
    'nat0: a link that leads out of the lab',
    'c0: the controller (192.0.2.9:6653) is yours to start: the scenario has none; write command([…]) or osken([…])',
    'r2: the configuration missing.conf is not beside the script',
    "r1: the command 'pgrep -c ospfd' is not run",
  ]) {
    expect(texts).toContain(text);
  }
});

for (const [name, count] of [
  ['linuxrouter', 7],
  ['controllers', 7],
  ['multilink', 3],
  ['natnet', 8],
] as const) {
  test(`Mininet's own examples/${name}.py`, async () => {
    const { network, problems, text } = await importFile(
      join(shipped, 'examples', `${name}.py`),
      {},
    );
    expect(network.nodes).toHaveLength(count);
    expect(text).toContain('export default scenario(');
    expect(problems).toEqual([]);
  });
}

test('a file for mn --custom: its first topology, with a class that forwards as a router', async () => {
  const path = script(`${start}
from mininet.topo import Topo

class Forwarding(Node):
    def config(self, **params):
        super().config(**params)
        self.cmd('sysctl net.ipv4.ip_forward=1')

class Lab(Topo):
    def build(self, hosts=2):
        router = self.addNode('r0', cls=Forwarding, ip='10.1.0.1/24')
        for number in range(1, hosts + 1):
            way = {'ip': f'10.{number}.0.1/24'}
            host = self.addHost(f'h{number}', ip=f'10.{number}.0.5/24', vlan=100)
            self.addLink(host, router, intfName2=f'r0-eth{number}', params2=way)

topos = {'lab': Lab, 'larger': lambda: Lab(hosts=5)}
`);
  const { resolved, network, problems } = await importFile(path, {});
  expect(problems).toEqual([]);
  expect(resolved?.topology.nodes.find(({ name }) => name === 'r0')).toMatchObject({
    interfaces: [
      { link: 'h1-r0', address: '10.1.0.1/24' },
      { link: 'h2-r0', address: '10.2.0.1/24' },
    ],
  });
  expect(importNoteTexts(network.notes)).toEqual([
    'larger: further entries of topos; the first one is taken',
    'h1, h2: vlan=100 is not applied',
    'r0: several links or forwarding: a router with static routes',
  ]);
});

test('loopbacks are outside of what the script addresses', async () => {
  const path = join(shipped, 'examples/linuxrouter.py');
  const { resolved } = await importFile(path, {});
  const r0 = resolved?.topology.nodes.find(({ name }) => name === 'r0');
  expect(r0).toMatchObject({ loopback: '198.51.0.1/32' });
});

const hostile: ReadonlyArray<[string, string]> = [
  ['writes a file', "open('/tmp/import-was-here', 'w').write('x')"],
  ['starts a shell', "import os; os.system('touch /tmp/import-was-here')"],
  ['forks', "import os\nif os.fork() == 0: open('/tmp/import-was-here', 'w')"],
  [
    'calls the kernel itself',
    "import _posixsubprocess, os\nos.execv('/usr/bin/touch', ['touch', '/tmp/import-was-here'])",
  ],
  ['opens a netlink socket', 'import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)'],
  ['prints very much', "print('x' * 10**7)"],
];
for (const [what, code] of hostile) {
  test(`a script that ${what}: nothing comes of it`, async () => {
    rmSync('/tmp/import-was-here', { force: true });
    const nodes = "net = Mininet()\nnet.addLink(net.addHost('h1'), net.addHost('h2'))";
    const { network } = await importFile(script(`${start}\n${nodes}\n${code}\n`), {});
    expect(network.nodes).toHaveLength(2);
    expect(existsSync('/tmp/import-was-here')).toBe(false);
  });
}
