/**
 * Goal: what a Mininet file states is as under `mn --custom`, or said not to be: numbers of ports,
 * addresses, datapath ids, options of switches, hosts and links. Nothing is left out in silence.
 */
import { existsSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { host, link } from '../../harness/language/topology/parts.js';
import {
  command,
  floyd,
  noController,
  ovsTestController,
} from '../../harness/language/written/controllers.js';
import { mininetNoteTexts } from '../../reports/mininet-notes.js';
import {
  examined,
  fileOf,
  pair,
  topologyFile,
  withHosts,
  withLinks,
  withSwitches,
} from '../fixtures/mininet/written-file.js';

test.skip(!existsSync('/usr/lib/python3/dist-packages/mininet'), 'Mininet is not installed');

const sentences = async (file: string, options: Parameters<typeof examined>[1] = {}) => {
  const { notes, problems } = await examined(file, options);
  expect(problems).toEqual([]);
  return mininetNoteTexts(notes);
};

/** What each of many elements of one file is refused or noted with, by the element's place. */
const each = (
  rows: ReadonlyArray<readonly [string, string]>,
  told: readonly string[],
  names: string,
  first = 0,
) => {
  rows.forEach(([stated, sentence], n) => {
    const expected = sentence.replace('NAME', `${names}${first + n}`);
    expect(told[n], `${stated}\n${told.join('\n')}`).toContain(expected);
  });
  expect(told).toHaveLength(rows.length);
};
const columns = (rows: ReadonlyArray<readonly [string, string]>) => rows.map(([stated]) => stated);

test.describe('values of links', () => {
  test('what no link can have is refused with both nodes, the value and the bounds', async () => {
    const rows = [
      ['bw=0', 'from 0.001 to 1000'],
      ['bw=-5', 'from 0.001 to 1000'],
      ['bw=1001', 'from 0.001 to 1000'],
      ["bw='10'", 'a number of Mbit/s'],
      ["bw=float('nan')", 'a number of Mbit/s'],
      ["bw=float('inf')", 'a number of Mbit/s'],
      ['bw=True', 'a number of Mbit/s'],
      ['loss=101', 'from 0 to 100'],
      ['loss=150', 'from 0 to 100'],
      ['loss=-1', 'from 0 to 100'],
      ["loss='1%'", 'a number of percent'],
      ['max_queue_size=-3', 'from 1 to 1000000'],
      ['max_queue_size=0', 'from 1 to 1000000'],
      ['max_queue_size=2.5', 'a whole number'],
      ["max_queue_size='10'", 'a whole number'],
      ["delay='fast'", 'from 0 to 60 s'],
      ["delay='-1ms'", 'from 0 to 60 s'],
      ['delay=-1', 'from 0 to 60 s'],
      ["delay='61s'", 'from 0 to 60 s'],
      ["delay='5 ms'", 'from 0 to 60 s'],
      ['delay=[1]', 'from 0 to 60 s'],
      ["delay='9ms', jitter='often'", 'from 0 to 60 s'],
    ] as const;
    const { problems } = await examined(
      withLinks(columns(rows).map((row) => `cls=TCLink, ${row}`)),
    );
    each(
      rows,
      problems.map(({ message }) => message),
      'w',
      10,
    );
    rows.forEach(([stated], n) => {
      const shown = stated.replace(/^.*, (?=jitter)/, '').replace(/float\('(\w+)'\)/, '$1');
      const start = `the link between 's1' and 'w${n + 10}' has ${shown}; `;
      expect(problems[n]?.message.slice(0, start.length)).toBe(start);
    });
  });

  test('what a link can have is kept', async () => {
    const words = "cls=TCLink, bw=0.5, delay='2.5ms', jitter='1ms', loss=0.25, max_queue_size=100";
    const { topology, problems, notes } = await examined(pair({ link: words }));
    expect(problems).toEqual([]);
    expect(notes).toEqual([]);
    expect(topology?.links.find(({ id }) => id === 's1-s2')).toMatchObject({
      bandwidthBps: 0.5e6,
      delayMs: 2.5,
      jitterMs: 1,
      lossPercent: 0.25,
      queuePackets: 100,
    });
  });

  test('jitter without delay is refused, as in a written link', async () => {
    const { problems } = await examined(pair({ link: "cls=TCLink, jitter='1ms'" }));
    expect(problems[0]?.path).toBe('topology[0].s1-s2.jitter');
  });
});

test.describe('port numbers', () => {
  test('are as stated, and as Mininet counts them where they are not', async () => {
    const file = topologyFile(
      "s1, s2, h1, h2 = self.addSwitch('s1'), self.addSwitch('s2'), self.addHost('h1'), self.addHost('h2')",
      'self.addLink(s1, s2, port1=7, port2=3)',
      'self.addLink(h1, s1)',
      "self.addLink(s2, h2, port2=5, intfName1='up')",
    );
    const { topology, problems } = await examined(file);
    expect(problems).toEqual([]);
    const ends = topology?.links.map(({ a, b }) => [a, b]);
    expect(ends).toContainEqual([
      { node: 's1', port: 's1-eth7', number: 7 },
      { node: 's2', port: 's2-eth3', number: 3 },
    ]);
    expect(ends).toContainEqual([
      { node: 'h1', port: 'h1-eth0', number: 0 },
      { node: 's1', port: 's1-eth2', number: 2 },
    ]);
    expect(ends).toContainEqual([
      { node: 's2', port: 'up', number: 2 },
      { node: 'h2', port: 'h2-eth5', number: 5 },
    ]);
  });

  test('some options are refused', async () => {
    const rows = [
      ['port1=0', "port1=0; a whole number from 1 to 65279 is expected at 's1'"],
      ['port2=65280', "port2=65280; a whole number from 1 to 65279 is expected at 'NAME'"],
      ["port1='3'", "port1='3'; a whole number"],
      ['port1=1.5', 'port1=1.5; a whole number'],
    ] as const;
    const { problems } = await examined(withLinks(columns(rows)));
    each(
      rows,
      problems.map(({ message }) => message),
      'w',
      10,
    );
  });

  test('two links at one port, and two interfaces of one name, are refused', async () => {
    const twice = topologyFile(
      "s1 = self.addSwitch('s1')",
      "self.addLink(self.addHost('h1'), s1, port2=4)",
      "self.addLink(self.addHost('h2'), s1, port2=4)",
    );
    expect((await examined(twice)).problems[0]?.message).toBe(
      "the link between 'h2' and 's1' has port2=4; that port of 's1' is already used by the link between 'h1' and 's1'; Mininet numbers the links of a node and does not skip a number that is taken",
    );
    const named = topologyFile(
      "s1, s2 = self.addSwitch('s1'), self.addSwitch('s2')",
      "self.addLink(self.addHost('h1'), s1, intfName2='lan')",
      "self.addLink(self.addHost('h2'), s2, intfName2='lan')",
      'self.addLink(s1, s2)',
    );
    expect((await examined(named)).problems[0]?.message).toContain('intfName2=lan; the link');
  });

  test('what a scenario adds to a file gets the next numbers', async () => {
    const beside = [host('h9', { address: '10.0.0.9/8' }), link('h9', 's1')];
    const { topology, problems } = await examined(pair({ link: 'port1=9' }), { beside });
    expect(problems).toEqual([]);
    expect(topology?.links.at(-1)).toMatchObject({
      a: { node: 'h9', port: 'h9-eth0' },
      b: { node: 's1', port: 's1-eth10', number: 10 },
    });
  });
});

test.describe('hosts', () => {
  test("a host's first link is that of its lowest number, which has its address", async () => {
    const file = topologyFile(
      "s1, s2, h1 = self.addSwitch('s1'), self.addSwitch('s2'), self.addHost('h1')",
      'self.addLink(h1, s1, port1=3)',
      'self.addLink(h1, s2, port1=0)',
      "self.addLink(self.addHost('h2'), s2)",
    );
    const { topology, problems } = await examined(file);
    expect(problems).toEqual([]);
    const first = topology?.links.find(({ a }) => a.node === 'h1');
    expect(first).toMatchObject({ a: { port: 'h1-eth0', number: 0 }, b: { node: 's2' } });
  });

  test('every host counts for automatic addresses, and a /8 is the default', async () => {
    const file = topologyFile(
      "s1 = self.addSwitch('s1')",
      "self.addLink(self.addHost('h10'), s1)",
      "self.addLink(self.addHost('h2', ip='10.0.0.50'), s1)",
      "self.addLink(self.addHost('h1', ip='10.9.8.7/16'), s1)",
    );
    const { node, problems } = await examined(file, { ends: ['h2', 'h10'] });
    expect(problems).toEqual([]);
    expect(node('h1')).toMatchObject({ address: '10.9.8.7/16' });
    expect(node('h2')).toMatchObject({ address: '10.0.0.50/8' });
    expect(node('h10')).toMatchObject({ address: '10.0.0.3/8' });
  });

  test('prefixes may differ where both ends reach each other directly', async () => {
    expect((await examined(pair({ host: "ip='10.0.0.9/24'" }))).problems).toEqual([]);
    const { problems } = await examined(pair({ host: "ip='10.7.0.9/24'" }));
    expect(problems[0]?.message).toContain("'h1' and 'h2' are in different subnets");
  });

  test('an automatic address that another host states is refused with both', async () => {
    const { problems } = await examined(pair({ host: "ip='10.0.0.2/8'" }));
    expect(problems[0]).toMatchObject({ path: 'topology[0].h2.address' });
    expect(problems[0]?.message).toBe('10.0.0.2/8 is already the address of topology[0].h1');
    expect(problems[0]?.hint).toContain('Mininet chose the address');
  });

  test('some options are refused', async () => {
    const rows = [
      ["ip='dhcp'", "the host 'NAME' has ip='dhcp'; an IPv4 address"],
      ["ip='10.0.0.256'", "the host 'NAME' has ip='10.0.0.256'; an IPv4 address"],
      ['ip=7', "the host 'NAME' has ip=7; an IPv4 address"],
      [
        "mac='ff:ff:ff:ff:ff:ff'",
        "the host 'NAME' has mac='ff:ff:ff:ff:ff:ff'; a unicast MAC address",
      ],
      ["defaultRoute='somewhere else'", "the host 'NAME' has defaultRoute='somewhere else'; 'via"],
      ['inNamespace=False', "the host 'NAME' has inNamespace=False; a host in the lab"],
      ['cls=OVSSwitch', "the host 'NAME' uses what the lab does not support: cls=OVSSwitch"],
      [
        'cls=type("Router", (OVSSwitch,), {})',
        "the host 'NAME' uses what the lab does not support: cls=Router",
      ],
    ] as const;
    const { problems } = await examined(withHosts(columns(rows)));
    each(
      rows,
      problems.map(({ message }) => message),
      'x',
      0,
    );
  });

  test('mac and defaultRoute are applied', async () => {
    const words = "mac='00:00:00:00:00:AA', defaultRoute='via 10.0.0.254'";
    const { node } = await examined(pair({ host: words }));
    expect(node('h1')).toMatchObject({
      mac: '00:00:00:00:00:aa',
      defaultRoute: 'via 10.0.0.254',
    });
    const device = await examined(pair({ host: "defaultRoute='h1-eth0'" }));
    expect(device.node('h1')).toMatchObject({ defaultRoute: 'dev h1-eth0' });
  });

  test('some options are noted', async () => {
    const rows = [
      ['ip=None', 'NAME: ip=None: Mininet assigns no address; the lab assigns 10.0.0.'],
      ['cls=CPULimitedHost', 'NAME: cls=CPULimitedHost is built as Host'],
      ['cpu=0.5', 'NAME: cpu=0.5 is not applied: the lab does not limit processors'],
      ['cores=[0, 1]', 'NAME: cores=[0, 1] is not applied: the lab does not pin hosts'],
      ["privateDirs=['/etc']", "NAME: privateDirs=['/etc'] is not applied: hosts share"],
      ["colour='red'", "NAME: colour='red' is not applied: a Mininet host has no such parameter"],
    ] as const;
    each(rows, await sentences(withHosts(columns(rows))), 'x', 0);
  });

  test('many hosts with the same option share a note', async () => {
    const file = topologyFile(
      "s1 = self.addSwitch('s1')",
      "for n in range(1, 21): self.addLink(self.addHost('h%d' % n, cpu=.1), s1)",
    );
    expect(await sentences(file)).toEqual([
      'h1, h2, h3, h4, h5, h6 and 14 more: cpu=0.1 is not applied: the lab does not limit processors',
    ]);
  });
});

test.describe('switches', () => {
  const program = command(['./controller', '{port}']);

  test('failMode, protocols and dpid are applied', async () => {
    const words = "failMode='standalone', protocols='OpenFlow10,OpenFlow14', dpid='00:a1'";
    const { node, problems, notes } = await examined(pair({ switch: words }), {
      controller: program,
    });
    expect(problems).toEqual([]);
    expect(notes).toEqual([]);
    expect(node('s1')).toMatchObject({
      failMode: 'standalone',
      protocols: ['OpenFlow10', 'OpenFlow14'],
      dpid: '00000000000000a1',
    });
    expect(node('s2')).toMatchObject({ failMode: 'secure', dpid: '0000000000000002' });
    expect(node('s2')).not.toHaveProperty('protocols');
  });

  test('stp is applied where Mininet applies it, and where not, that is said', async () => {
    const standalone = pair({ switch: "stp=True, failMode='standalone'" });
    const applied = await examined(standalone, { controller: program });
    expect(applied.node('s1')).toMatchObject({ spanningTree: 'stp', failMode: 'standalone' });
    expect(applied.notes).toEqual([]);
    const chosen = noController({ spanningTree: 'rstp' });
    expect((await examined(standalone, { controller: chosen })).node('s1')).toMatchObject({
      spanningTree: 'rstp',
    });
    expect(await sentences(standalone, { controller: chosen })).toEqual([
      "s1: stp=True is overridden by the scenario's spanningTree: 'rstp'",
    ]);
    const secure = pair({ switch: 'stp=1' });
    expect((await examined(secure, { controller: program })).node('s1')).toMatchObject({
      spanningTree: 'none',
    });
    expect((await sentences(secure, { controller: program }))[0]).toContain(
      "s1: stp=True is not applied: Mininet applies it only with failMode='standalone'",
    );
    expect((await examined(secure)).node('s1')).toMatchObject({ spanningTree: 'stp' });
  });

  test('a bridge of its own has no controller', async () => {
    for (const cls of ['OVSBridge', '__import__("mininet.nodelib").nodelib.LinuxBridge']) {
      const { node } = await examined(pair({ switch: `cls=${cls}` }), { controller: program });
      expect(node('s1')).toMatchObject({ withoutController: true, failMode: 'standalone' });
      expect(node('s2')).not.toHaveProperty('withoutController');
    }
    const all = topologyFile(
      "s1 = self.addSwitch('s1', cls=OVSBridge)",
      "for h in ('h1', 'h2'): self.addLink(self.addHost(h), s1)",
    );
    const { problems } = await examined(all, { controller: ovsTestController() });
    expect(problems[0]?.message).toContain('has no switch to control: s1 are bridges');
  });

  test('some options are refused', async () => {
    const rows = [
      ['dpid=10', "the switch 'NAME' has dpid=10; a string of up to 16 hex digits"],
      ["dpid='xyz'", "the switch 'NAME' has dpid='xyz'; a string of up to 16 hex digits"],
      ["failMode='open'", "the switch 'NAME' has failMode='open'; 'secure' or 'standalone'"],
      ['failMode=None', "the switch 'NAME' has failMode=None; 'secure' or 'standalone'"],
      [
        "protocols='OpenFlow9'",
        "the switch 'NAME' has protocols='OpenFlow9'; one string of OpenFlow10",
      ],
      ["protocols=['OpenFlow13']", "the switch 'NAME' has protocols=['OpenFlow13']; one string"],
      ['inNamespace=True', "the switch 'NAME' has inNamespace=True; the switches in the lab"],
      ['cls=Host', "the switch 'NAME' uses what the lab does not support: cls=Host"],
      [
        'cls=type("Own", (OVSSwitch,), {})',
        "the switch 'NAME' uses what the lab does not support: cls=Own",
      ],
    ] as const;
    const { problems } = await examined(withSwitches(columns(rows)));
    each(
      rows,
      problems.map(({ message }) => message),
      'w',
      10,
    );
  });

  test('secure switches without a controller are refused', async () => {
    const { problems } = await examined(pair({ switch: "failMode='secure'" }));
    expect(problems[0]?.message).toContain(
      'there is no controller, and s1 forward nothing without one',
    );
  });

  test('a controller that cannot speak with the switches is refused', async () => {
    const file = pair({ switch: "protocols='OpenFlow10'" });
    const { problems } = await examined(file, { controller: floyd() });
    expect(problems[0]?.message).toBe(
      'floyd uses OpenFlow 1.3, which s1 do not accept (protocols)',
    );
  });

  test('some options are noted', async () => {
    const rows = [
      ['cls=UserSwitch', 'NAME: cls=UserSwitch is built as OVSSwitch'],
      ["datapath='user'", "NAME: datapath='user' is not applied: it is set with --datapath"],
      ['inband=True', 'NAME: inband=True is not applied: the lab has a separate control network'],
      ['batch=True', 'NAME: batch=True is not applied: how switches are started'],
      ['reconnectms=50', 'NAME: reconnectms=50 is not applied: every switch reconnects'],
      [
        'autoStaticArp=True',
        'NAME: autoStaticArp=True is not applied: a Mininet switch has no such parameter',
      ],
      [
        "cls=__import__('functools').partial(OVSSwitch, colour=1)",
        'NAME: colour=1 is not applied: a Mininet switch has no such parameter',
      ],
    ] as const;
    each(rows, await sentences(withSwitches(columns(rows))), 'w', 10);
  });

  test('a datapath id that Open vSwitch cannot have becomes a free one, with a note', async () => {
    const file = topologyFile(
      "names = ('s0', 'a1', 'b1', 'core')",
      "ring = [self.addSwitch(n) for n in names] + [self.addSwitch('z', dpid='0')]",
      'for a, b in zip(ring, ring[1:]): self.addLink(a, b)',
      "self.addLink(self.addHost('h1'), ring[0])",
      "self.addLink(self.addHost('h2'), ring[-1])",
    );
    const { node, topology, problems } = await examined(file);
    expect(problems).toEqual([]);
    expect(node('a1')).toMatchObject({ dpid: '0000000000000001' });
    const dpids = topology?.nodes.flatMap((one) => (one.kind === 'switch' ? [one.dpid] : []));
    expect(new Set(dpids).size).toBe(5);
    expect(dpids).not.toContain('0000000000000000');
    const told = await sentences(file);
    expect(told).toContainEqual(
      expect.stringMatching(
        /^s0: datapath id 0{15}\d because Open vSwitch does not accept datapath id 0$/,
      ),
    );
    expect(told).toContainEqual(
      expect.stringMatching(/^z: datapath id .* does not accept datapath id 0$/),
    );
    expect(told).toContainEqual(
      expect.stringMatching(/^b1: datapath id .* another switch already has 1, /),
    );
    expect(told).toContainEqual(
      expect.stringMatching(/^core: datapath id .*the name has no number, /),
    );
  });

  test('the same datapath id stated twice is refused with both', async () => {
    const file = topologyFile(
      "s1, s2 = self.addSwitch('s1', dpid='0a'), self.addSwitch('s2', dpid='A')",
      "self.addLink(s1, self.addHost('h1'))",
      "self.addLink(s2, self.addHost('h2'))",
      'self.addLink(s1, s2)',
    );
    expect((await examined(file)).problems[0]?.message).toBe(
      "the switch 's2' has dpid='A'; that is already the datapath id of 's1'",
    );
  });
});

test.describe('links', () => {
  test('some options are noted', async () => {
    const rows = [
      ["delay='1ms'", 's1-NAME: delay applied, as by mn --link tc; mn alone ignores it'],
      ['cls=Link, bw=10', 's1-NAME: bw applied, as by mn --link tc'],
      [
        'cls=TCLink, delay=5',
        's1-NAME: delay=5 has no unit; as tc does, the lab reads it as microseconds',
      ],
      ['cls=OVSLink', 's1-NAME: cls=OVSLink is built as Link'],
      ['use_htb=True', 's1-NAME: use_htb=True is not applied: tbf or nftables'],
      ['enable_ecn=True', 's1-NAME: enable_ecn=True is not applied by the lab'],
      ["addr1='00:00:00:00:00:01'", "s1-NAME: addr1='00:00:00:00:00:01' is not applied by the lab"],
      ['colour=1', 's1-NAME: colour=1 is not applied: a Mininet link has no such parameter'],
    ] as const;
    each(rows, await sentences(withLinks(columns(rows))), 'w', 10);
  });

  test('some options are refused', async () => {
    const told = "the link 's1-NAME' uses what the lab does not support: ";
    const rows = [
      ["params1={'bw': 10}", `${told}params1={'bw': 10}`],
      ["params2='10.1.1.1/24'", `${told}params2`],
      ['cls1=TCIntf', `${told}cls1`],
      ['cls=type("L", (Link,), {})', `${told}cls=L`],
    ] as const;
    const { problems } = await examined(withLinks(columns(rows)));
    each(
      rows,
      problems.map(({ message }) => message),
      'w',
      10,
    );
  });
});

test.describe('names', () => {
  for (const [lines, told] of [
    [["self.addHost('s1')"], "the name 's1' is that of a switch and of a host;"],
    [["self.addSwitch('h1')"], "the name 'h1' is that of a host and of a switch;"],
    [["self.addHost('h1')"], "the name 'h1' is that of 2 hosts;"],
    [["self.addSwitch('s1')", "self.addSwitch('s1')"], "the name 's1' is that of 3 switches;"],
  ] as const) {
    test(`${lines.join('; ')} once more is refused with both kinds, and nothing else`, async () => {
      const file = topologyFile(
        "s1 = self.addSwitch('s1')",
        "for h in ('h1', 'h2'): self.addLink(self.addHost(h), s1)",
        ...lines,
      );
      const { problems } = await examined(file);
      expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining(told)]);
    });
  }

  test('a host that only a link mentions, a lost link and choices are noted', async () => {
    const file = fileOf(
      [
        'from mininet.topo import Topo',
        'class T(Topo):',
        '    def build(self):',
        "        s1 = self.addSwitch('s1')",
        "        self.addLink(self.addHost('h1'), s1, key=1)",
        "        self.addLink('h1', s1, key=1)",
        "        self.g.node['h2'] = {}",
        "        self.addLink('h2', s1)",
        "topos = {'t': T}",
        "switches = {'own': None}",
        '',
      ].join('\n'),
    );
    expect(await sentences(file)).toEqual([
      'h2: a host, because only a link mentions it; Mininet does the same',
      'h1-s1: a link is replaced by a later one with the same key, as in Mininet',
      'switches: not read: the options of mn select from it, and a scenario has no such options',
    ]);
  });

  for (const [name, told] of [
    ['lo', "'lo' cannot name a switch"],
    ['s1-with-a-long-name', "the switch 's1-with-a-long-name' has 19 characters"],
  ] as const) {
    test(`a switch named ${name} is refused`, async () => {
      const file = topologyFile(
        `s1 = self.addSwitch('${name}', dpid='1')`,
        "for h in ('h1', 'h2'): self.addLink(self.addHost(h), s1, intfName2='p' + h)",
      );
      expect((await examined(file)).problems[0]?.message).toContain(told);
    });
  }

  test('a name that is not a text is refused', async () => {
    const file = topologyFile('self.addHost(1)');
    await expect(examined(file)).rejects.toThrow(
      "the name of a node is a string, such as 'h1'; got 1",
    );
  });
});
