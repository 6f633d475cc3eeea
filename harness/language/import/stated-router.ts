/** A router as its configuration and commands state it, in the options that routers have. */
import type { ImportNotes } from '../../model/import-note.js';
import { parseCidr } from '../../model/network/addresses.js';
import type { ExecStatement } from './exec-lines.js';
import type { FrrStatement } from './frr-file.js';
import { Call, type Expression } from './source.js';

export interface TakenRouter {
  suite: Call;
  /** Loopback and addresses; left out: the lab assigns them. */
  place?: Expression;
  /** Protocols for people, `OSPF`. */
  speaks: string[];
  /** Seconds in which it sees the death of a neighbour and has new routes; infinite: by carrier alone. */
  outageS: number;
}

export interface StatedRouter {
  /** As the file calls it. */
  label: string;
  /** Its image or its files are FRR's; anything else stands for itself by static routes. */
  isFrr: boolean;
  node: { kind: string; frrFiles: ReadonlyMap<string, string> };
  exec: ExecStatement;
  frr: FrrStatement;
  ports: ReadonlyMap<string, string>;
  /** For its loopback, where the file states none and the lab's could not be. */
  freeLoopback: string | undefined;
}

const seconds = (value: number | undefined) => (value === undefined ? undefined : `${value}s`);
const milliseconds = (value: number) => `${value}ms`;

export function routerOfFrr(stated: StatedRouter, notes: ImportNotes): TakenRouter {
  const { label, frr, exec } = stated;
  for (const line of frr.left) notes.add('config-not-taken', label, line);
  dropIdleDaemons(stated, notes);
  const routes = [...frr.static, ...exec.routes.map(ofDefault)];
  const other = stated.node.kind !== 'linux';
  const silent = !frr.ospf && !frr.bgp && !frr.isis;
  if (silent && stated.isFrr && routes.length === 0) notes.add('no-protocol', label);
  if (silent && !stated.isFrr && !other) notes.add('linux-as-router', label);
  const standIn = silent && (other || (stated.isFrr && routes.length === 0));
  const options = {
    ospf: standIn ? {} : ospfOf(frr),
    bgp: bgpOf(frr),
    isis: isisOf(frr),
    bfd: frr.bfd && { interval: milliseconds(frr.bfd.interval), multiplier: frr.bfd.multiplier },
    paths: frr.paths,
    static: routes.length > 0 || (silent && !standIn) ? routes : undefined,
  };
  const place = {
    loopback: loopbackOf(stated, notes) ?? stated.freeLoopback,
    addresses: addressesOf(stated, notes),
  };
  const any = Object.values(place).some((one) => one !== undefined);
  const speaks = [
    ...(options.ospf ? ['OSPF'] : []),
    ...(options.bgp ? ['BGP'] : []),
    ...(options.isis ? ['IS-IS'] : []),
    ...(options.bfd ? ['BFD'] : []),
  ];
  return {
    suite: new Call('frr', [options]),
    ...(any ? { place } : {}),
    speaks,
    outageS: outageOf(frr, speaks),
  };
}

/** A default route has a prefix of its own. */
function ofDefault({ prefix, via }: { prefix: string; via: string }) {
  return { prefix: prefix === 'default' ? '0.0.0.0/0' : prefix, via };
}

const daemonOf = { ospf: 'ospfd', bgp: 'bgpd', isis: 'isisd', bfd: 'bfdd' } as const;

/** What `daemons` does not start does not speak. */
function dropIdleDaemons({ node, frr, label }: StatedRouter, notes: ImportNotes): void {
  const text = node.frrFiles.get('daemons');
  if (text === undefined) return;
  for (const [protocol, daemon] of Object.entries(daemonOf)) {
    const started = new RegExp(`^\\s*${daemon}\\s*=\\s*"?yes`, 'm').test(text);
    const key = protocol as keyof typeof daemonOf;
    if (started || frr[key] === undefined) continue;
    notes.add('daemon-not-started', label, daemon);
    delete frr[key];
  }
}

function ospfOf({ ospf }: FrrStatement): Expression | undefined {
  if (ospf === undefined) return undefined;
  const { spf } = ospf;
  return {
    hello: seconds(ospf.hello),
    dead: seconds(ospf.dead),
    retransmit: seconds(ospf.retransmit),
    network: ospf.network,
    spf: spf && {
      delay: milliseconds(spf.delay),
      hold: milliseconds(spf.hold),
      max: milliseconds(spf.max),
    },
  };
}

function bgpOf({ bgp }: FrrStatement): Expression | undefined {
  if (bgp === undefined) return undefined;
  return {
    as: bgp.as,
    keepalive: seconds(bgp.keepalive),
    hold: seconds(bgp.hold),
    connectRetry: seconds(bgp.connectRetry),
    advertise: seconds(bgp.advertise),
  };
}

function isisOf({ isis }: FrrStatement): Expression | undefined {
  return isis && { hello: seconds(isis.hello), multiplier: isis.multiplier };
}

/** The address of `lo`; else the router id, where it is no interface's. */
function loopbackOf({ frr, label }: StatedRouter, notes: ImportNotes): string | undefined {
  const [loopback, ...more] = frr.interfaces.get('lo')?.addresses ?? [];
  for (const other of more) notes.add('address-not-taken', label, `${other} on lo`);
  const id = frr.routerId;
  if (loopback !== undefined) {
    const bare = loopback.replace(/\/.*/, '');
    if (!loopback.endsWith('/32')) notes.add('loopback-of-one', label, loopback);
    if (id !== undefined && id !== bare) notes.add('router-id-not-taken', label, id, bare);
    return bare;
  }
  if (id === undefined) return undefined;
  const number = parseCidr(`${id}/32`)?.address ?? 0;
  const inside = [...frr.interfaces.values()]
    .flatMap(({ addresses }) => addresses.map((one) => parseCidr(one)))
    .some((cidr) => cidr && cidr.first <= number && number <= cidr.last);
  if (!inside) return id;
  notes.add('router-id-not-taken', label, id);
  return undefined;
}

/** Of interfaces with a link, by the id of the link. */
function addressesOf(
  { frr, ports, label }: StatedRouter,
  notes: ImportNotes,
): { [link: string]: string } | undefined {
  const given: { [link: string]: string } = {};
  for (const [port, { addresses }] of frr.interfaces) {
    if (port === 'lo') continue;
    const link = ports.get(port);
    const [first, ...more] = addresses;
    if (link !== undefined && first !== undefined) given[link] = first;
    for (const other of link === undefined ? addresses : more) {
      notes.add('address-not-taken', label, `${other} on ${port}`);
    }
  }
  return Object.keys(given).length === 0 ? undefined : given;
}

/** By the slowest of its timers, and a second or two for new routes. */
function outageOf({ bfd, ospf, bgp, isis }: FrrStatement, speaks: readonly string[]): number {
  if (bfd) return Math.ceil((bfd.interval * bfd.multiplier) / 1000) + 1;
  const bounds = [
    ...(ospf || speaks.includes('OSPF') ? [ospf?.dead ?? 4 * (ospf?.hello ?? 10)] : []),
    ...(bgp ? [bgp.hold ?? 180] : []),
    ...(isis ? [(isis.hello ?? 3) * (isis.multiplier ?? 10)] : []),
  ];
  return bounds.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...bounds) + 2;
}
