/** Routers: machines of their own on which the daemons of a routing suite run, or Linux alone. */
import * as z from 'zod';
import { text } from '../../language/schema/fields.js';
import facts from '../../model/nodes/router.js';
import { nodeKind } from '../node-kind.js';
import { addressInFile } from '../routing/config-file.js';
import { protocolsOf } from '../routing/protocols.js';
import {
  keepalived,
  type ReadSuite,
  type RoutingSuite,
  suiteSchema,
  type VrrpOptions,
} from '../routing/suite.js';

export * from '../routing/suite.js';

/** Of Debian, by suite. */
const packages = {
  frr: 'frr',
  bird: 'bird2',
  keepalived: 'keepalived',
  kernel: 'iproute2',
} as const;

export interface RouterOptions {
  /** Address of its loopback, which is its router id as well, `'10.255.0.1'`; left out: assigned. */
  loopback?: string;
  /** Addresses of interfaces by the id of their link, `{ 'r1-r2': '192.0.2.1/30' }`. */
  addresses?: Readonly<Record<string, string>>;
}

export interface RouterPart extends RouterOptions {
  kind: 'router';
  name: string;
  suite: RoutingSuite;
}

/**
 * A router: a machine of its own, with the daemons of FRR or BIRD. It can lose its power. Subnets,
 * addresses and the hosts' default routes are assigned where they are left out.
 *
 * @example
 * router('r1', frr({ ospf: { hello: '1s', dead: '4s' }, bfd: { interval: '100ms' } }))
 */
export const router = (
  name: string,
  suite: RoutingSuite,
  options: RouterOptions = {},
): RouterPart => ({ ...options, kind: 'router', name, suite });

/**
 * Several routers with the same protocols.
 *
 * @example
 * routers(frr({ ospf: {} }), 'r1', 'r2', 'r3')
 */
export const routers = (suite: RoutingSuite, ...names: string[]): RouterPart[] =>
  names.map((name) => router(name, suite));

/**
 * A gateway: a router that shares an address with others in each of its subnets (VRRP, keepalived).
 * Hosts behind it have that address as their way out.
 *
 * @example
 * gateway('g1', { advert: '100ms' })
 */
export const gateway = (
  name: string,
  { advert, priority, ...options }: VrrpOptions & RouterOptions = {},
): RouterPart =>
  router(
    name,
    keepalived({
      ...(advert === undefined ? {} : { advert }),
      ...(priority === undefined ? {} : { priority }),
    }),
    options,
  );

export default nodeKind({
  facts,
  order: 30,
  noun: ['router', 'routers'],
  write: router,
  fields: {
    suite: suiteSchema,
    loopback: text.optional(),
    addresses: z.record(z.string(), text).optional(),
  },
  /** Addresses, sessions and configurations need the links: language/resolve/routing.ts adds them. */
  resolve(batch, { problems }) {
    return batch.map(({ part, path }, index) => ({
      kind: 'router',
      name: part.name,
      suite: part.suite.suite,
      loopback: part.loopback ?? loopbackInFile(part.suite) ?? '',
      interfaces: [],
      ...configFileOf(part.suite),
      protocols: protocolsOf(part.suite, index + 1, path, problems),
      sessions: [],
      daemons: [],
    }));
  },
  programs: ({ suite, daemons, configFile }) => [
    ...(configFile?.program === 'vtysh'
      ? [{ name: 'vtysh', paths: ['/usr/bin/vtysh'], package: packages.frr }]
      : []),
    ...daemons.map(({ program }) => ({
      name: program,
      paths:
        suite === 'frr'
          ? [`/usr/lib/frr/${program}`]
          : [`/usr/sbin/${program}`, `/usr/bin/${program}`],
      package: packages[suite],
    })),
  ],
  insteadOfFaults:
    'a router runs no Open vSwitch and calls no controller: use powerOff(…), daemonCrash(…), or hit its links',
  picture: { shape: 'circle', radius: 17 },
  documented: {
    example:
      "router('r1', frr({ ospf: {} }))`, `routers(bird({ bgp: {} }), 'r2', 'r3')`, `gateway('g1')",
    is: 'a router with the daemons of FRR, BIRD (OSPF, BGP, IS-IS, BFD, static routes) or keepalived (VRRP), or with Linux alone (`kernelRoutes([…])`), on a machine of its own that can lose its power',
  },
});

/** FRR's file may give it an address. */
function loopbackInFile(suite: ReadSuite): string | undefined {
  const address = addressInFile(suite, 'lo');
  return address?.endsWith('/32') ? address : undefined;
}

function configFileOf({ suite, config }: ReadSuite) {
  if (config === undefined) return {};
  const program = suite === 'bird' ? ('bird' as const) : ('vtysh' as const);
  return { configFile: { path: config.file, program, config: config.text } };
}
