/** Configurations of FRR's daemons, for one router. Pure. */
import type { NodeWith } from '../../model/node-traits.js';
import type { ResolvedLink } from '../../model/resolved.js';

export interface RouterView {
  router: NodeWith<'routes'>;
  links: readonly ResolvedLink[];
  /** Autonomous systems of all routers that speak BGP. */
  numbers: ReadonlyMap<string, number>;
}

export interface DaemonConfig {
  program: string;
  config: string;
}

/** A link that states no metric costs this. */
const usualMetric = 10;
/** The name by which sessions refer to the timers of BFD. */
const bfdProfile = 'lab';

/** What routing protocols pay for the link of an interface. */
export function metricOf({ links }: RouterView, link: string): number {
  return links.find(({ id }) => id === link)?.metric ?? usualMetric;
}

/** The daemons that the protocols need, zebra first: the others connect to it. */
export function frrDaemons(view: RouterView): DaemonConfig[] {
  const { protocols, name } = view.router;
  const head = [
    `hostname ${name}`,
    'log stdout informational',
    // Only lines of `log stdout` in a configuration bear it.
    'log timestamp precision 6',
  ];
  const daemon = (program: string, lines: readonly string[]): DaemonConfig => ({
    program,
    config: `${[...head, ...lines].join('\n')}\n`,
  });
  return [
    daemon('zebra', []),
    ...(protocols.bfd ? [daemon('bfdd', bfdLines(protocols.bfd))] : []),
    ...(protocols.ospf ? [daemon('ospfd', ospfLines(view))] : []),
    ...(protocols.isis ? [daemon('isisd', isisLines(view))] : []),
    ...(protocols.bgp ? [daemon('bgpd', bgpLines(view))] : []),
    ...(protocols.static ? [daemon('staticd', staticLines(view))] : []),
  ];
}

function bfdLines({ intervalMs, multiplier }: { intervalMs: number; multiplier: number }) {
  return [
    'bfd',
    ` profile ${bfdProfile}`,
    `  transmit-interval ${intervalMs}`,
    `  receive-interval ${intervalMs}`,
    `  detect-multiplier ${multiplier}`,
    ' exit',
    'exit',
  ];
}

const inSeconds = (ms: number): number => ms / 1000;

function ospfLines(view: RouterView): string[] {
  const { router } = view;
  const { ospf, bfd } = router.protocols;
  if (ospf === undefined) return [];
  const interfaces = router.interfaces.flatMap(({ port, link, routers }) => [
    `interface ${port}`,
    ' ip ospf area 0',
    ` ip ospf cost ${metricOf(view, link)}`,
    ...(routers.length === 0
      ? [' ip ospf passive']
      : [
          ` ip ospf network ${routers.length === 1 ? ospf.network : 'broadcast'}`,
          ` ip ospf hello-interval ${inSeconds(ospf.helloMs)}`,
          ` ip ospf dead-interval ${inSeconds(ospf.deadMs)}`,
          ` ip ospf retransmit-interval ${inSeconds(ospf.retransmitMs)}`,
          // A profile alone makes no session.
          ...(bfd ? [' ip ospf bfd', ` ip ospf bfd profile ${bfdProfile}`] : []),
        ]),
    'exit',
  ]);
  return [
    ...interfaces,
    ...['interface lo', ' ip ospf area 0', 'exit'],
    'router ospf',
    ` ospf router-id ${idOf(router)}`,
    ' log-adjacency-changes detail',
    ` timers throttle spf ${ospf.spfDelayMs} ${ospf.spfHoldMs} ${ospf.spfMaxMs}`,
    ` timers throttle lsa all ${ospf.lsaIntervalMs}`,
    ...(ospf.stubAtStartMs === undefined
      ? []
      : [` max-metric router-lsa on-startup ${inSeconds(ospf.stubAtStartMs)}`]),
    ` timers lsa min-arrival ${Math.min(1000, ospf.lsaIntervalMs)}`,
    'exit',
  ];
}

/** The address of its loopback. */
export const idOf = ({ loopback }: NodeWith<'routes'>): string => loopback.replace(/\/.*/, '');

function isisLines(view: RouterView): string[] {
  const { router } = view;
  const { isis, bfd } = router.protocols;
  if (isis === undefined) return [];
  const interfaces = router.interfaces.flatMap(({ port, link, routers }) => [
    `interface ${port}`,
    ' ip router isis lab',
    ...(routers.length === 0
      ? [' isis passive']
      : [
          ...(routers.length === 1 ? [' isis network point-to-point'] : []),
          ` isis hello-interval ${inSeconds(isis.helloMs)}`,
          ` isis hello-multiplier ${isis.multiplier}`,
          ` isis metric ${metricOf(view, link)}`,
          ...(bfd ? [' isis bfd', ` isis bfd profile ${bfdProfile}`] : []),
        ]),
    'exit',
  ]);
  return [
    ...interfaces,
    ...['interface lo', ' ip router isis lab', ' isis passive', 'exit'],
    'router isis lab',
    ` net 49.0001.${systemId(idOf(router))}.00`,
    ' is-type level-2-only',
    ' metric-style wide',
    ' log-adjacency-changes',
    ' spf-interval 1',
    ' lsp-gen-interval 1',
    ` spf-delay-ietf init-delay ${isis.spfDelayMs} short-delay ${isis.spfHoldMs} long-delay ${isis.spfMaxMs} holddown ${2 * isis.spfMaxMs} time-to-learn ${Math.min(500, isis.spfMaxMs)}`,
    'exit',
  ];
}

/** An IPv4 address with all its zeros, in groups of four digits, as is usual. */
function systemId(address: string): string {
  const digits = address
    .split('.')
    .map((octet) => octet.padStart(3, '0'))
    .join('');
  return (digits.match(/.{4}/g) ?? []).join('.');
}

function bgpLines(view: RouterView): string[] {
  const { router, numbers } = view;
  const { bgp, bfd, paths } = router.protocols;
  if (bgp === undefined) return [];
  const neighbours = router.sessions
    .filter(({ protocol }) => protocol === 'bgp')
    .map((session) => {
      const link = router.interfaces.find(({ port }) => port === session.port)?.link ?? '';
      const as = numbers.get(session.neighbour) ?? 0;
      return {
        ...session,
        as,
        map: `METRIC-${metricOf(view, link)}`,
        metric: metricOf(view, link),
      };
    });
  const metrics = [...new Set(neighbours.map(({ metric }) => metric))];
  return [
    ...metrics.flatMap((metric) => [
      `route-map METRIC-${metric} permit 10`,
      ` set metric +${metric}`,
      'exit',
    ]),
    `router bgp ${bgp.as}`,
    ` bgp router-id ${idOf(router)}`,
    ' bgp log-neighbor-changes',
    ' no bgp ebgp-requires-policy',
    ' no bgp network import-check',
    // Which of two equal ways is older would otherwise decide, and differ from trial to trial.
    ' bgp bestpath compare-routerid',
    ' bgp always-compare-med',
    ...(paths > 1 ? [' bgp bestpath as-path multipath-relax'] : []),
    ` timers bgp ${inSeconds(bgp.keepaliveMs)} ${inSeconds(bgp.holdMs)}`,
    ...neighbours.flatMap(({ address, as }) => [
      ` neighbor ${address} remote-as ${as}`,
      ` neighbor ${address} timers connect ${inSeconds(bgp.connectRetryMs)}`,
      ` neighbor ${address} advertisement-interval ${inSeconds(bgp.advertiseMs)}`,
      ...(bfd
        ? [` neighbor ${address} bfd`, ` neighbor ${address} bfd profile ${bfdProfile}`]
        : []),
    ]),
    ' address-family ipv4 unicast',
    '  redistribute connected',
    ` maximum-paths ${paths}`,
    ...neighbours.flatMap(({ address, as, map }) => [
      `  neighbor ${address} route-map ${map} in`,
      ...(as === bgp.as ? [`  neighbor ${address} next-hop-self`] : []),
    ]),
    ' exit-address-family',
    'exit',
  ];
}

function staticLines({ router }: RouterView): string[] {
  return (router.protocols.static ?? []).map(({ prefix, via }) => `ip route ${prefix} ${via}`);
}
