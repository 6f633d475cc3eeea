/** Routing suites as they are written: which protocols a router speaks, and their timers. */
import * as z from 'zod';
import { duration, strict, text, whole, word } from '../../language/schema/fields.js';
import { type Duration, shown } from '../../model/units.js';

/** How long the computation of routes waits after a change; it waits longer under further ones. */
export interface SpfTimers {
  delay: Duration;
  hold: Duration;
  max: Duration;
}

export interface OspfOptions {
  /** Whole seconds. Left out: `'10s'`. */
  hello?: Duration;
  /** Silence after which a neighbour is dead, whole seconds. Left out: four hellos. */
  dead?: Duration;
  /** Left out: `'5s'`, which dominates a cold start. */
  retransmit?: Duration;
  /** FRR alone. Left out: 0 ms, 50 ms, 5 s. */
  spf?: SpfTimers;
  /** FRR alone: between two versions of an LSA, at least. Left out: `'5s'`. */
  lsaInterval?: Duration;
  /**
   * FRR alone, whole seconds, `'5s'` or more. A router that has just started has no routes yet; for
   * this long, others send through it only if there is no other way (stub router, RFC 6987).
   */
  stubAtStart?: Duration;
  /** Of links between exactly two routers. Left out: `'point-to-point'`. */
  network?: 'point-to-point' | 'broadcast';
}

/**
 * OSPF with the shortest timers in whole seconds: hello 1 s, dead after 4 s, and routes computed 10 ms
 * after a change.
 *
 * @example
 * router('r1', frr({ ospf: quickOspf }))
 */
export const quickOspf = {
  hello: '1s',
  dead: '4s',
  retransmit: '1s',
  spf: { delay: '10ms', hold: '50ms', max: '500ms' },
  lsaInterval: '10ms',
} as const satisfies OspfOptions;

export interface BgpOptions {
  /** Autonomous system, 1 to 4294967295. Left out: one for each router, 65001, 65002, … */
  as?: number;
  /** Whole seconds. Left out: a third of `hold`. */
  keepalive?: Duration;
  /** Whole seconds, `'3s'` or more. Left out: `'180s'`. */
  hold?: Duration;
  /** Whole seconds. Left out: `'1s'`; the suites' own 120 s would delay the start. */
  connectRetry?: Duration;
  /** FRR alone, whole seconds: at least so long between two updates (MRAI). Left out: 0. */
  advertise?: Duration;
}

export interface IsisOptions {
  /** Whole seconds. Left out: `'3s'`. */
  hello?: Duration;
  /** Hellos that may be missing, 2 to 100. Left out: 10. */
  multiplier?: number;
  /** Left out: 50 ms, 200 ms, 5 s (RFC 8405). */
  spf?: SpfTimers;
}

export interface RoutingOptions {
  /**
   * A configuration file as it is, `'./r1.conf'`, from the scenario's folder: FRR's `frr.conf`, or
   * BIRD's. It states the protocols; only `paths` can be beside it.
   */
  config?: string;
  ospf?: OspfOptions;
  bgp?: BgpOptions;
  /** FRR alone. */
  isis?: IsisOptions;
  /** Watches every neighbour of the protocols above. */
  bfd?: { interval: Duration; multiplier?: number };
  /** Equal ways that are used at once (ECMP), 1 to 16. Left out: 1. */
  paths?: number;
  /** `via` is an address, or the name of a neighbouring router. */
  static?: ReadonlyArray<{ prefix: string; via: string }>;
}

export interface FrrSuite extends RoutingOptions {
  suite: 'frr';
}

export interface BirdSuite extends Omit<RoutingOptions, 'isis'> {
  suite: 'bird';
}

export interface VrrpOptions {
  /** Between two advertisements, `'10ms'` to `'40s'`. Left out: `'1s'`. */
  advert?: Duration;
  /** The highest of a group is its master, 1 to 254. Left out: from 200 down, in order. */
  priority?: number;
}

export interface KeepalivedSuite {
  suite: 'keepalived';
  vrrp: VrrpOptions;
}

/** Linux alone: it passes packets on by the routes that are stated, and runs no daemon. */
export interface KernelSuite {
  suite: 'kernel';
  static: ReadonlyArray<{ prefix: string; via: string }>;
}

export type RoutingSuite = FrrSuite | BirdSuite | KeepalivedSuite | KernelSuite;

/**
 * FRR: a daemon for each protocol, and zebra, which sets the routes.
 *
 * @example
 * router('r1', frr({ ospf: { hello: '1s', dead: '4s' }, bfd: { interval: '100ms' } }))
 */
export const frr = (options: RoutingOptions): FrrSuite => ({ ...options, suite: 'frr' });

/**
 * BIRD: one daemon.
 *
 * @example
 * router('r1', bird({ bgp: { hold: '9s' }, bfd: { interval: '100ms' } }))
 */
export const bird = (options: Omit<RoutingOptions, 'isis'>): BirdSuite => ({
  ...options,
  suite: 'bird',
});

/**
 * keepalived: gateways that share an address in each of their subnets (VRRP version 3).
 *
 * @example
 * router('g1', keepalived({ advert: '100ms' }))
 */
export const keepalived = (vrrp: VrrpOptions = {}): KeepalivedSuite => ({
  suite: 'keepalived',
  vrrp,
});

/**
 * Linux alone, without a daemon: a router that forwards between its own subnets, and by static routes.
 * `via` is an address, or the name of a neighbouring router.
 *
 * @example
 * router('r1', kernelRoutes([{ prefix: '10.0.9.0/24', via: 'r2' }]))
 */
export const kernelRoutes = (
  routes: ReadonlyArray<{ prefix: string; via: string }> = [],
): KernelSuite => ({ suite: 'kernel', static: routes });

const seconds = (min: number, max: number) => duration({ min: min * 1000, max: max * 1000 });
const spf = strict('spf', {
  delay: duration({ max: 600_000 }),
  hold: duration({ max: 600_000 }),
  max: duration({ max: 600_000 }),
}).optional();

/** The loader has read it. */
const configuration = z.object(
  { file: z.string(), text: z.string() },
  {
    error: ({ input }) =>
      typeof input === 'string'
        ? `${shown(input)} was not read: a configuration is named in a scenario file`
        : `must be the name of a file in quotes, got ${shown(input)}`,
  },
);

/** Shape of what `frr` and `bird` return, its quantities as numbers. */
export const suiteSchema = strict('a routing suite such as frr({ ospf: {} })', {
  suite: word(['frr', 'bird', 'keepalived', 'kernel']),
  config: configuration.optional(),
  ospf: strict('ospf', {
    hello: seconds(1, 65_535).optional(),
    dead: seconds(1, 65_535).optional(),
    retransmit: seconds(1, 65_535).optional(),
    spf,
    lsaInterval: duration({ max: 5000 }).optional(),
    stubAtStart: seconds(5, 86_400).optional(),
    network: word(['point-to-point', 'broadcast']).optional(),
  }).optional(),
  bgp: strict('bgp', {
    as: whole('as', 1, 4_294_967_295).optional(),
    keepalive: seconds(1, 65_535).optional(),
    hold: seconds(3, 65_535).optional(),
    connectRetry: seconds(1, 65_535).optional(),
    advertise: seconds(0, 600).optional(),
  }).optional(),
  isis: strict('isis', {
    hello: seconds(1, 600).optional(),
    multiplier: whole('multiplier', 2, 100).optional(),
    spf,
  }).optional(),
  bfd: strict('bfd', {
    interval: duration({ min: 10, max: 60_000 }),
    multiplier: whole('multiplier', 2, 255).optional(),
  }).optional(),
  vrrp: strict('vrrp', {
    advert: duration({ min: 10, max: 40_000 }).optional(),
    priority: whole('priority', 1, 254).optional(),
  }).optional(),
  paths: whole('paths', 1, 16).optional(),
  static: z.array(strict('a static route', { prefix: text, via: text })).optional(),
});

export type ReadSuite = z.output<typeof suiteSchema>;
