/** Routers as they are written: addresses, sessions and configurations, and what is refused. */
import { expect, test } from '@playwright/test';
import * as lab from '../../harness/index.js';
import { portsOfRoute } from '../../harness/lab/nodes/router.js';
import {
  heldBackMs,
  type RouterReport,
  sessionsSeen,
} from '../../harness/lab/readiness/routing-sessions.js';
import { examineScenario } from '../../harness/language/resolve.js';
import type { Fault } from '../../harness/language/written/faults.js';
import { nodesWith } from '../../harness/model/node-traits.js';
import { readinessText } from '../../reports/recorded/readiness.js';
import { renderPlan } from '../../reports/terminal/plan.js';
import { stylesFor } from '../../reports/terminal/style.js';

const fast = lab.frr({
  ospf: { hello: '1s', dead: '4s' },
  bfd: { interval: '100ms', multiplier: 3 },
});

function examined(topology: lab.Topology, fault: Fault = lab.powerOff('r1')) {
  const written = lab.scenario({
    question: 'What do routers do?',
    topology,
    traffic: [lab.meter('h1', 'h2')],
    timeline: [lab.at('2s', fault)],
    expect: [],
  });
  return examineScenario(written, { name: 'routers', seed: 1 });
}

const complaints = (topology: lab.Topology, fault?: Fault) =>
  examined(topology, fault).problems.map(({ path, message, hint }) => [path, message, hint]);

function routersOf(topology: lab.Topology) {
  const { resolved, problems } = examined(topology);
  expect(problems).toEqual([]);
  return nodesWith(resolved?.topology.nodes ?? [], 'routes');
}

const configOf = (topology: lab.Topology, name: string, program: string) =>
  routersOf(topology)
    .find((router) => router.name === name)
    ?.daemons.find((daemon) => daemon.program === program)?.config;

test('every link of a router gets a subnet, every router a loopback, and hosts a way out', () => {
  const { resolved, problems } = examined([lab.parallelRouters(2, fast)]);
  expect(problems).toEqual([]);
  const routers = nodesWith(resolved?.topology.nodes ?? [], 'routes');
  expect(routers.map(({ name, loopback }) => `${name} ${loopback}`)).toEqual([
    'e1 10.255.0.1/32',
    'e2 10.255.0.2/32',
    'r1 10.255.0.3/32',
    'r2 10.255.0.4/32',
  ]);
  expect(routers[0]?.interfaces).toEqual([
    { port: 'e1-eth1', link: 'h1-e1', address: '10.0.1.1/24', hosts: true, routers: [] },
    { port: 'e1-eth2', link: 'e1-r1', address: '10.253.0.1/30', hosts: false, routers: ['r1'] },
    { port: 'e1-eth3', link: 'e1-r2', address: '10.253.0.9/30', hosts: false, routers: ['r2'] },
  ]);
  const hosts = nodesWith(resolved?.topology.nodes ?? [], 'end-point');
  expect(hosts.map(({ address, defaultRoute }) => [address, defaultRoute])).toEqual([
    ['10.0.1.10/24', 'via 10.0.1.1'],
    ['10.0.2.10/24', 'via 10.0.2.1'],
  ]);
  const links = resolved?.topology.links.slice(2) ?? [];
  expect(links.map(({ hidesCarrier, metric }) => [hidesCarrier, metric])).toEqual([
    [true, 10],
    [true, 10],
    [true, 20],
    [true, 20],
  ]);
});

test('addresses that are given count, also for the other ends of their links', () => {
  const routers = routersOf([
    lab.router('r1', fast, { loopback: '192.0.2.1', addresses: { 'r1-r2': '198.51.100.5/30' } }),
    lab.router('r2', fast),
    lab.link('r1', 'r2'),
    lab.host('h1', { on: 'r1', address: '10.9.0.7/24' }),
    lab.host('h2', { on: 'r2' }),
  ]);
  const addresses = routers.map(({ interfaces }) => interfaces.map(({ address }) => address));
  expect(addresses).toEqual([
    ['198.51.100.5/30', '10.9.0.1/24'],
    ['198.51.100.6/30', '10.0.1.1/24'],
  ]);
  expect(routers[0]?.loopback).toBe('192.0.2.1/32');
});

test('a switch joins its links into one subnet, with every router and host on it', () => {
  const routers = routersOf([
    lab.routers(fast, 'r1', 'r2', 'r3'),
    lab.linuxBridge('b1'),
    ...['r1', 'r2', 'r3'].map((name) => lab.link(name, 'b1')),
    lab.host('h1', { on: 'b1' }),
    lab.host('h2', { on: 'r1' }),
  ]);
  expect(routers.map(({ interfaces }) => interfaces[0]?.address)).toEqual([
    '10.0.1.1/24',
    '10.0.1.2/24',
    '10.0.1.3/24',
  ]);
  expect(routers[0]?.interfaces[0]).toMatchObject({ hosts: true, routers: ['r2', 'r3'] });
  const neighbours = routers[0]?.sessions.map(({ protocol, neighbour }) => [protocol, neighbour]);
  expect(neighbours).toEqual([
    ['ospf', 'r2'],
    ['bfd', 'r2'],
    ['ospf', 'r3'],
    ['bfd', 'r3'],
  ]);
});

test('routers on a loop send no broadcast around: no spanning tree is asked for', () => {
  expect(complaints([lab.parallelRouters(3, fast)])).toEqual([]);
});

test('the configuration of ospfd states metric, timers, and BFD with its profile', () => {
  const config = configOf([lab.parallelRouters(2, fast)], 'e1', 'ospfd') ?? '';
  expect(config).toContain(
    [
      'interface e1-eth3',
      ' ip ospf area 0',
      ' ip ospf cost 20',
      ' ip ospf network point-to-point',
      ' ip ospf hello-interval 1',
      ' ip ospf dead-interval 4',
      ' ip ospf retransmit-interval 5',
      ' ip ospf bfd',
      ' ip ospf bfd profile lab',
      'exit',
    ].join('\n'),
  );
  expect(config).toContain(
    'interface e1-eth1\n ip ospf area 0\n ip ospf cost 10\n ip ospf passive\n',
  );
  expect(config).toContain(' ospf router-id 10.255.0.1\n');
  const bfd = configOf([lab.parallelRouters(2, fast)], 'e1', 'bfdd') ?? '';
  expect(bfd).toContain('  transmit-interval 100\n  receive-interval 100\n  detect-multiplier 3\n');
});

test('each router has an autonomous system of its own, of four bytes where one is given', () => {
  const four = lab.router('r1', lab.frr({ bgp: { as: 4_200_000_000, hold: '9s' } }));
  const routers: lab.Topology = [
    four,
    lab.router('r2', lab.bird({ bgp: {} })),
    lab.link('r1', 'r2'),
    lab.host('h1', { on: 'r1' }),
    lab.host('h2', { on: 'r2' }),
  ];
  const frr = configOf(routers, 'r1', 'bgpd') ?? '';
  expect(frr).toContain('router bgp 4200000000\n');
  expect(frr).toContain(' timers bgp 3 9\n');
  expect(frr).toContain(' neighbor 10.253.0.2 remote-as 65002\n');
  const bird = configOf(routers, 'r2', 'bird') ?? '';
  expect(bird).toContain('  local 10.253.0.2 as 65002;\n  neighbor 10.253.0.1 as 4200000000;\n');
});

test('a static route takes the name of a neighbour', () => {
  const suite = (via: string) => lab.frr({ static: [{ prefix: '10.0.2.0/24', via }] });
  const back = lab.frr({ static: [{ prefix: '10.0.1.0/24', via: 'r1' }] });
  const network = (via: string): lab.Topology => [
    lab.router('r1', suite(via)),
    lab.router('r2', back),
    lab.host('h1', { on: 'r1' }),
    lab.host('h2', { on: 'r2' }),
    lab.link('r1', 'r2'),
  ];
  expect(configOf(network('r2'), 'r1', 'staticd')).toContain('ip route 10.0.2.0/24 10.253.0.2\n');
  expect(complaints(network('r9'))).toEqual([
    [
      'topology[0].suite.static[0].via',
      "'r9' is neither a neighbour of 'r1' nor an address in one of its subnets",
      'name a node that a link joins to it',
    ],
  ]);
});

const pair = (first: lab.RoutingSuite, options: lab.RouterOptions = {}): lab.Topology => [
  lab.router('r1', first, options),
  lab.router('r2', fast),
  lab.link('r1', 'r2'),
  lab.host('h1', { on: 'r1' }),
  lab.host('h2', { on: 'r2' }),
];

const refused: Array<[string, lab.Topology, unknown[]]> = [
  [
    'a suite without a protocol',
    pair(lab.frr({ bfd: { interval: '100ms' } })),
    [
      'topology[0].suite',
      'speaks no routing protocol',
      'such as frr({ ospf: {} }) or frr({ bgp: {} })',
    ],
  ],
  [
    'a hello that is no whole second',
    pair(lab.frr({ ospf: { hello: '300ms' } })),
    ['topology[0].suite.ospf.hello', 'must be at least 1 s, got 300 ms', undefined],
  ],
  [
    'a dead interval with half a second',
    pair(lab.frr({ ospf: { dead: '4500ms', hello: '1s' } })),
    [
      'topology[0].suite.ospf.dead',
      'must be whole seconds, got 4.5 s',
      "use bfd: { interval: '100ms' } for faster detection",
    ],
  ],
  [
    'a dead interval that is no longer than the hello interval',
    pair(lab.frr({ ospf: { hello: '4s', dead: '4s' } })),
    [
      'topology[0].suite.ospf.dead',
      '4 s is not longer than the hello interval of 4 s',
      'four hello intervals are usual',
    ],
  ],
  [
    'IS-IS with BIRD',
    pair({ suite: 'bird', ospf: {}, isis: {} } as unknown as lab.BirdSuite),
    ['topology[0].suite.isis', 'BIRD has no IS-IS', 'use frr({ isis: … })'],
  ],
  [
    'SPF timers with BIRD',
    pair(lab.bird({ ospf: { spf: { delay: '10ms', hold: '50ms', max: '500ms' } } })),
    [
      'topology[0].suite.ospf.spf',
      'BIRD computes OSPF routes on ticks of one second',
      'omit it, or use frr(…)',
    ],
  ],
  [
    'an autonomous system of five bytes',
    pair(lab.frr({ bgp: { as: 5_000_000_000 } })),
    [
      'topology[0].suite.bgp.as',
      'as must be a whole number from 1 to 4294967295, got 5000000000',
      undefined,
    ],
  ],
  [
    'a subnet that two links have',
    pair(fast, { addresses: { 'r1-r2': '10.3.0.1/24', 'h1-r1': '10.3.0.9/24' } }),
    [
      'topology[0].addresses.h1-r1',
      'the subnet 10.3.0.0/24 overlaps 10.3.0.0/24 of the link r1-r2',
      'every link of a router needs a subnet of its own',
    ],
  ],
  [
    'an address for a link of others',
    pair(fast, { addresses: { 'r2-r9': '10.3.0.1/24' } }),
    ['topology[0].addresses.r2-r9', "'r1' has no link 'r2-r9' (links: r1-r2, h1-r1)", undefined],
  ],
  [
    'a broadcast address',
    pair(fast, { addresses: { 'r1-r2': '10.3.0.3/30' } }),
    [
      'topology[0].addresses.r1-r2',
      '10.3.0.3/30 is the network or broadcast address of 10.3.0.0/30',
      "such as '192.0.2.1/30'",
    ],
  ],
  [
    'a loopback that is no address',
    pair(fast, { loopback: '10.255.0.300' }),
    ['topology[0].loopback', "'10.255.0.300' is not an IPv4 address", "such as '10.255.0.1'"],
  ],
];

for (const [what, topology, complaint] of refused) {
  test(`refused: ${what}`, () => {
    expect(complaints(topology)).toEqual([complaint]);
  });
}

test('a crash of a daemon that no router runs is refused, with those that they run', () => {
  const crash = lab.daemonCrash('r1', 'bgpd');
  expect(complaints([lab.parallelRouters(2, fast)], crash)).toEqual([
    ['timeline[0].action.daemon', "'r1' runs no 'bgpd' (daemons: zebra, bfdd, ospfd)", undefined],
  ]);
  expect(complaints([lab.parallelRouters(2, fast)], lab.daemonHang('r1', 'ospfd'))).toEqual([]);
});

test('a link that hides its carrier is cut in silence: no end sees it go down', () => {
  const network = [lab.parallelRouters(2, fast)];
  expect(complaints(network, lab.linkDown('e1-r1'))).toEqual([
    [
      'timeline[0].action.target',
      "the carrier of 'e1-r1' is hidden: its ends see no link go down",
      'use cableCut(…) or blackhole(…)',
    ],
  ]);
  const seen = [lab.parallelRouters(2, fast, { carrier: 'seen' })];
  expect(complaints(seen, lab.linkDown('e1-r1'))).toEqual([]);
});

test('hosts in two subnets reach each other by a router, and not without one', () => {
  const apart: lab.Topology = [
    lab.linuxBridge('b1'),
    lab.host('h1', { on: 'b1', address: '10.1.0.1/24' }),
    lab.host('h2', { on: 'b1', address: '10.2.0.1/24' }),
  ];
  expect(complaints(apart, lab.powerOff('b1')).map(([, message]) => message)).toContain(
    "'h1' and 'h2' are in different subnets, and there is no router",
  );
});

test('the plan states protocols, timers and addresses', () => {
  const { resolved } = examined([lab.parallelRouters(1, fast)], lab.cableCut('e1-r1'));
  const text = resolved ? renderPlan(resolved, { columns: 120, styles: stylesFor(false) }) : '';
  expect(text).toContain(
    'Routing     FRR, OSPF hello 1 s, dead 4 s, SPF 0 ms 50 ms 5 s; BFD 100 ms × 3',
  );
  expect(text).toContain('e1 10.255.0.1: 10.0.1.1/24 to h1; 10.253.0.1/30 to r1');
  expect(text).toContain('(by fewest hops; the routers decide by their metrics)');
});

const session = (neighbour: string, port: string, neighbourPort: string, state: string | null) => ({
  ...{ protocol: 'ospf' as const, neighbour, port, neighbourPort, address: '10.253.0.1' },
  ...{ state, up: state === 'Full' },
});

test('what is missing is named once, with what both ends report; routes only when all is up', () => {
  const reports: RouterReport[] = [
    {
      node: 'r1',
      sessions: [session('r2', 'r1-eth1', 'r2-eth1', 'Init/-')],
      missing: ['10.0.2.0/24'],
    },
    { node: 'r2', sessions: [session('r1', 'r2-eth1', 'r1-eth1', null)], missing: [] },
  ];
  expect(readinessText(sessionsSeen(reports))).toBe(
    'OSPF between r1 and r2: r1 (r1-eth1) reports Init/-, r2 (r2-eth1) reports nothing',
  );
  const up = reports.map((report) => ({
    ...report,
    sessions: report.sessions.map((one) => ({ ...one, state: 'Full', up: true })),
  }));
  expect(readinessText(sessionsSeen(up))).toBe('r1 has no route to 10.0.2.0/24');
  const all = up.map((report) => ({ ...report, missing: [] }));
  expect(readinessText(sessionsSeen(all))).toBe('1 session up');
});

test('the way of a packet is the device of `ip route get`', () => {
  expect(portsOfRoute('[{"dst":"10.0.2.10","dev":"e1-eth2"}]')).toEqual(['e1-eth2']);
  expect(portsOfRoute('RTNETLINK answers: Network is unreachable')).toEqual([]);
});

const shared = (...options: lab.VrrpOptions[]) => [
  ...options.map((one, index) => lab.gateway(`g${index + 1}`, one)),
  lab.linuxBridge('lan'),
  lab.linuxBridge('wan'),
  ...options.flatMap((_, index) => [
    lab.link(`g${index + 1}`, 'lan'),
    lab.link(`g${index + 1}`, 'wan'),
  ]),
  lab.host('h1', { on: 'lan' }),
  lab.host('h2', { on: 'wan' }),
];

test('gateways share the first address of each subnet, by which hosts leave it', () => {
  const { resolved, problems } = examined(shared({ advert: '100ms' }, {}), lab.powerOff('g1'));
  expect(problems).toEqual([]);
  const nodes = resolved?.topology.nodes ?? [];
  const [g1, g2] = nodesWith(nodes, 'routes');
  expect(g1?.interfaces.map(({ address }) => address)).toEqual(['10.0.1.2/24', '10.0.2.2/24']);
  expect(g1?.protocols.vrrp).toEqual({
    ...{ advertMs: 100, priority: 200, master: true },
    virtual: [
      { port: 'g1-eth1', address: '10.0.1.1/24', group: 51 },
      { port: 'g1-eth2', address: '10.0.2.1/24', group: 52 },
    ],
  });
  expect(g2?.protocols.vrrp).toMatchObject({ priority: 199, master: false });
  expect(g2?.sessions.map(({ protocol, neighbour }) => [protocol, neighbour])).toEqual([
    ['vrrp', 'g1'],
    ['vrrp', 'g1'],
  ]);
  expect(nodesWith(nodes, 'end-point').map(({ defaultRoute }) => defaultRoute)).toEqual([
    'via 10.0.1.1',
    'via 10.0.2.1',
  ]);
  const [daemon] = g1?.daemons ?? [];
  expect(daemon?.program).toBe('keepalived');
  expect(daemon?.config).toContain(
    ['  interface g1-eth1', '  virtual_router_id 51', '  priority 200', '  advert_int 0.1'].join(
      '\n',
    ),
  );
});

test('Linux alone runs no daemon, and has nothing that needs one', () => {
  const routes = lab.kernelRoutes([{ prefix: '10.0.2.0/24', via: 'r2' }]);
  const topology = [
    lab.router('r1', routes),
    lab.router('r2', { ...lab.kernelRoutes(), ospf: {} } as unknown as lab.RoutingSuite),
    lab.link('r1', 'r2'),
    lab.host('h1', { on: 'r1' }),
    lab.host('h2', { on: 'r2' }),
  ];
  expect(complaints(topology, lab.powerOff('r1'))).toEqual([
    [
      'topology[1].suite.ospf',
      'needs a daemon, and Linux alone runs none',
      'use frr(…) or bird(…)',
    ],
  ]);
  const plain = topology.map((part) =>
    'name' in part && part.name === 'r2' ? lab.router('r2', lab.kernelRoutes()) : part,
  );
  expect(complaints(plain, lab.daemonCrash('r1', 'zebra'))).toEqual([
    ['timeline[0].action.daemon', "'r1' runs no 'zebra' (daemons: none)", undefined],
  ]);
});

test('advertisements come in hundredths of a second', () => {
  expect(complaints(shared({ advert: '25ms' }), lab.powerOff('g1'))).toEqual([
    ['topology[0].suite.vrrp.advert', 'must be a multiple of 10 ms, got 25 ms', "such as '100ms'"],
  ]);
});

test('a router that has started can be a stub for a while, in whole seconds from five on', () => {
  const stub = (stubAtStart: lab.Duration) => [
    lab.parallelRouters(2, lab.frr({ ospf: { stubAtStart } })),
  ];
  expect(configOf(stub('10s'), 'r1', 'ospfd')).toContain(' max-metric router-lsa on-startup 10\n');
  expect(configOf([lab.parallelRouters(2, fast)], 'r1', 'ospfd')).not.toContain('max-metric');
  for (const given of ['4s', '5500ms'] as const) expect(complaints(stub(given))).not.toEqual([]);
  const bird = [lab.parallelRouters(2, lab.bird({ ospf: { stubAtStart: '10s' } }))];
  expect(complaints(bird)[0]).toEqual([
    expect.stringContaining('stubAtStart'),
    'BIRD is no stub router for a time',
    'omit it, or use frr(…)',
  ]);
});

test('a lab waits for announcements that the protocols hold back', () => {
  const heldBack = (suite: lab.RoutingSuite) => {
    const [router] = routersOf([lab.parallelRouters(2, suite)]);
    return router && heldBackMs(router.protocols);
  };
  expect(heldBack(lab.frr({ ospf: {} }))).toBe(5200);
  expect(heldBack(lab.frr({ ospf: lab.quickOspf }))).toBe(700);
  expect(heldBack(lab.frr({ bgp: {} }))).toBe(200);
  expect(heldBack(lab.frr({ bgp: { advertise: '30s' }, ospf: lab.quickOspf }))).toBe(30_200);
  const detail = { code: 'routes-unchanged', data: { forMs: 1200, wantedMs: 5200 } } as const;
  expect(readinessText(detail)).toBe('for 1.200 s, of 5.200 s that are needed');
});

/** As the loader reads it. */
const filed = (text: string) => ({ config: { file: './r.conf', text } as unknown as string });

test("a router's own file states its protocols, sessions, loopback and addresses", () => {
  const ospf = 'router ospf\n network 0.0.0.0/0 area 0\n';
  const text = (more: string) =>
    `interface lo\n ip address 192.0.2.7/32\ninterface r1-eth1\n ip address 10.7.0.1/30\n${more}!\n${ospf}`;
  const pair = (file: string): lab.Topology => [
    lab.router('r1', lab.frr(filed(file))),
    lab.router('r2', lab.frr({ ospf: {} })),
    lab.link('r1', 'r2'),
    lab.host('h1', { on: 'r1' }),
    lab.host('h2', { on: 'r2' }),
  ];
  const [own, other] = routersOf(pair(text(' ip ospf hello-interval 2\n')));
  expect(own?.loopback).toBe('192.0.2.7/32');
  expect(own?.interfaces[0]).toMatchObject({ port: 'r1-eth1', address: '10.7.0.1/30' });
  expect(own?.protocols).toMatchObject({ ospf: { helloMs: 2000 }, paths: 16 });
  expect(own?.daemons.map(({ program: name }) => name)).toEqual(['zebra', 'ospfd']);
  expect([own?.sessions.length, other?.sessions.length]).toEqual([1, 1]);
  // An interface that the file keeps silent has no neighbour, at either end.
  const silent = routersOf(pair(text(' ip ospf passive\n')));
  expect(silent.map(({ sessions }) => sessions)).toEqual([[], []]);
});

test("nothing typed can be beside a router's own file, and a file needs a loader", () => {
  const of = (options: lab.RoutingOptions) => [lab.parallelRouters(2, lab.frr(options))];
  const [beside] = complaints(of({ ...filed('router ospf\n'), ospf: {}, paths: 2 }));
  expect(beside).toEqual([
    expect.stringMatching(/suite\.ospf$/),
    'cannot be beside config: ./r.conf states the protocols of the router',
    'write it into the file, or omit config; paths can be beside it',
  ]);
  const [unread] = complaints(of({ config: './r.conf' }));
  expect(unread?.[1]).toBe("'./r.conf' was not read: a configuration is named in a scenario file");
});

test('addresses of IPv6 are refused as such, wherever an address is written', () => {
  const written = {
    question: 'What of IPv6?',
    topology: [
      lab.router('r1', lab.frr({ static: [{ prefix: 'fd00:2::/64', via: 'r2' }] }), {
        loopback: 'fd00::1',
        addresses: { 'r1-r2': 'fd00:12::1/64' },
      }),
      lab.router('r2', lab.frr({ ospf: {} })),
      lab.link('r1', 'r2'),
      lab.host('h1', { on: 'r1', address: 'fd00:1::10' }),
      lab.host('h2', { on: 'r2' }),
    ],
    traffic: [lab.iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
    timeline: [lab.at('2s', lab.linkDown(lab.linkOf('r1', 'r2')))],
  };
  const { problems } = examineScenario(written, { name: 'sixth', seed: 1 });
  expect(problems.map(({ path, message, hint }) => [path, message, hint])).toEqual([
    ['topology[3].address', "'fd00:1::10' is IPv6, and a lab has IPv4 alone", undefined],
    ['topology[0].loopback', "'fd00::1' is IPv6, and a lab has IPv4 alone", "such as '10.255.0.1'"],
    [
      'topology[0].addresses.r1-r2',
      "'fd00:12::1/64' is IPv6, and a lab has IPv4 alone",
      "such as '192.0.2.1/30'",
    ],
    [
      'topology[0].suite.static[0].prefix',
      "'fd00:2::/64' is IPv6, and a lab has IPv4 alone",
      "such as '10.0.1.0/24'",
    ],
  ]);
});
