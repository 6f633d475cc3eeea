/** Configuration of BIRD, for one router. Pure. */
import type { RoutingProtocols } from '../../model/routing.js';
import { type DaemonConfig, idOf, metricOf, type RouterView } from './frr-config.js';

/** One daemon does it all. */
export function birdDaemons(view: RouterView): DaemonConfig[] {
  const { router } = view;
  const { bfd, ospf, paths } = router.protocols;
  const own = router.interfaces.map(({ port }) => `"${port}"`);
  const lines = [
    'log stderr all;',
    'timeformat log iso long us;',
    `router id ${idOf(router)};`,
    'protocol device { scan time 10; }',
    `protocol direct { ipv4; interface ${['"lo"', ...own].join(', ')}; }`,
    'protocol kernel {',
    ...(paths > 1 ? [`  merge paths yes limit ${paths};`] : []),
    '  ipv4 { import none; export where source != RTS_DEVICE; };',
    '}',
    ...(bfd
      ? [
          `protocol bfd { interface "*" { interval ${bfd.intervalMs} ms; multiplier ${bfd.multiplier}; }; }`,
        ]
      : []),
    ...(ospf ? ospfLines(view, ospf) : []),
    ...bgpLines(view),
    ...staticLines(router.protocols),
  ];
  return [{ program: 'bird', config: `${lines.join('\n')}\n` }];
}

const seconds = (ms: number): number => ms / 1000;

function ospfLines(view: RouterView, ospf: NonNullable<RoutingProtocols['ospf']>): string[] {
  const { router } = view;
  const watched = router.protocols.bfd ? ' bfd yes;' : '';
  const interfaces = router.interfaces.map(({ port, link, routers }) => {
    if (routers.length === 0)
      return `    interface "${port}" { stub; cost ${metricOf(view, link)}; };`;
    const type = routers.length === 1 && ospf.network === 'point-to-point' ? 'ptp' : 'broadcast';
    const timers = `hello ${seconds(ospf.helloMs)}; dead ${seconds(ospf.deadMs)}; retransmit ${seconds(ospf.retransmitMs)};`;
    return `    interface "${port}" { type ${type}; cost ${metricOf(view, link)}; ${timers}${watched} };`;
  });
  return [
    'protocol ospf v2 ospf1 {',
    '  debug { states, interfaces, events };',
    '  tick 1;',
    router.protocols.paths > 1 ? `  ecmp yes limit ${router.protocols.paths};` : '  ecmp no;',
    '  ipv4 { import all; export none; };',
    '  area 0 {',
    ...interfaces,
    '    interface "lo" { stub; };',
    '  };',
    '}',
  ];
}

function bgpLines(view: RouterView): string[] {
  const { router, numbers } = view;
  const { bgp, bfd } = router.protocols;
  if (bgp === undefined) return [];
  return router.sessions
    .filter(({ protocol }) => protocol === 'bgp')
    .flatMap(({ neighbour, port, address }, index) => {
      const own = router.interfaces.find((one) => one.port === port);
      const as = numbers.get(neighbour) ?? 0;
      return [
        `protocol bgp bgp${index + 1} {`,
        `  description "${neighbour}";`,
        '  debug { states, events };',
        `  local ${own?.address.replace(/\/.*/, '')} as ${bgp.as};`,
        `  neighbor ${address} as ${as};`,
        `  hold time ${seconds(bgp.holdMs)}; keepalive time ${seconds(bgp.keepaliveMs)};`,
        `  connect retry time ${seconds(bgp.connectRetryMs)}; connect delay time 1; error wait time 1, 2;`,
        '  med metric yes;',
        ...(bfd ? ['  bfd yes;'] : []),
        '  ipv4 {',
        `    import filter { bgp_med = ${metricOf(view, own?.link ?? '')}; accept; };`,
        '    export where source ~ [ RTS_DEVICE, RTS_BGP ];',
        ...(as === bgp.as ? ['    next hop self;'] : []),
        '  };',
        '}',
      ];
    });
}

function staticLines({ static: routes }: RoutingProtocols): string[] {
  if (routes === undefined) return [];
  return [
    'protocol static {',
    '  ipv4;',
    ...routes.map(({ prefix, via }) => `  route ${prefix} via ${via};`),
    '}',
  ];
}
