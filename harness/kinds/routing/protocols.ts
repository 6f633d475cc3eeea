/** A suite as it was read, with what it leaves out filled in; what it cannot do is noted. Pure. */
import { joinPath, type Problems } from '../../language/problems.js';
import type { RoutingProtocols } from '../../model/routing.js';
import { formatDuration } from '../../model/units.js';
import { statedIn } from './config-file.js';
import type { ReadSuite } from './suite.js';

/** @param place Of the router among all routers, from 1. */
export function protocolsOf(
  written: ReadSuite,
  place: number,
  path: string,
  problems: Problems,
): RoutingProtocols {
  const at = (...keys: string[]) => joinPath(path, ['suite', ...keys]);
  const suite = { ...written, ...statedIn(written) };
  if (written.config === undefined) {
    refuseNothing(suite, path, problems);
    refuseParts(suite, at, problems);
  } else refuseBeside(written, at, problems);
  const { ospf, bgp, isis, bfd, vrrp } = suite;
  const protocols: RoutingProtocols = {
    ...(ospf ? { ospf: ospfOf(ospf) } : {}),
    ...(bgp ? { bgp: bgpOf(bgp, place) } : {}),
    ...(isis ? { isis: isisOf(isis) } : {}),
    ...(bfd ? { bfd: { intervalMs: bfd.interval, multiplier: bfd.multiplier ?? 3 } } : {}),
    ...(vrrp ? { vrrp: vrrpOf(vrrp, place) } : {}),
    paths: written.paths ?? suite.paths ?? (written.config === undefined ? 1 : mostPaths),
    ...(suite.static ? { static: suite.static.map((route) => ({ ...route })) } : {}),
  };
  if (written.config === undefined) checkOrder(protocols, at, problems);
  return protocols;
}

/** A file that states no number has as many equal ways as its daemons use by themselves. */
const mostPaths = 16;

/** What the file states is not stated a second time. */
function refuseBeside(written: ReadSuite, at: At, problems: Problems): void {
  const { suite, config, paths, ...beside } = written;
  for (const [key, value] of Object.entries(beside)) {
    if (value === undefined) continue;
    const message = `cannot be beside config: ${config?.file} states the protocols of the router`;
    problems.add(
      at(key),
      message,
      `write it into the file, or omit config; paths can be beside it`,
    );
  }
}

function ospfOf(given: NonNullable<ReadSuite['ospf']>) {
  const helloMs = given.hello ?? 10_000;
  return {
    helloMs,
    deadMs: given.dead ?? 4 * helloMs,
    retransmitMs: given.retransmit ?? 5000,
    spfDelayMs: given.spf?.delay ?? 0,
    spfHoldMs: given.spf?.hold ?? 50,
    spfMaxMs: given.spf?.max ?? 5000,
    lsaIntervalMs: given.lsaInterval ?? 5000,
    ...(given.stubAtStart === undefined ? {} : { stubAtStartMs: given.stubAtStart }),
    network: given.network ?? ('point-to-point' as const),
  };
}

function bgpOf(given: NonNullable<ReadSuite['bgp']>, place: number) {
  const holdMs = given.hold ?? 180_000;
  return {
    as: given.as ?? (place <= privateNumbers ? 65_000 + place : 4_200_000_000 + place),
    keepaliveMs: given.keepalive ?? Math.max(1, Math.floor(holdMs / 3000)) * 1000,
    holdMs,
    connectRetryMs: given.connectRetry ?? 1000,
    advertiseMs: given.advertise ?? 0,
  };
}

/** Master and addresses follow from the others in the subnet: language/resolve/gateways.ts. */
function vrrpOf(given: NonNullable<ReadSuite['vrrp']>, place: number) {
  const priority = given.priority ?? Math.max(1, 201 - place);
  return { advertMs: given.advert ?? 1000, priority, master: false, virtual: [] };
}

/** Of two bytes that RFC 6996 leaves above 65000. */
const privateNumbers = 534;

function isisOf(given: NonNullable<ReadSuite['isis']>) {
  return {
    helloMs: given.hello ?? 3000,
    multiplier: given.multiplier ?? 10,
    spfDelayMs: given.spf?.delay ?? 50,
    spfHoldMs: given.spf?.hold ?? 200,
    spfMaxMs: given.spf?.max ?? 5000,
  };
}

type At = (...keys: string[]) => string;

function refuseNothing(suite: ReadSuite, path: string, problems: Problems): void {
  if (suite.ospf ?? suite.bgp ?? suite.isis ?? suite.static ?? suite.vrrp) return;
  const hint = `such as ${suite.suite}({ ospf: {} }) or ${suite.suite}({ bgp: {} })`;
  problems.add(joinPath(path, ['suite']), 'speaks no routing protocol', hint);
}

/** What one suite does not have, and seconds that its configuration cannot split. */
function refuseParts(suite: ReadSuite, at: At, problems: Problems): void {
  const { ospf, bgp } = suite;
  if (suite.suite === 'kernel') refuseDaemons(suite, at, problems);
  if (suite.suite === 'bird') {
    if (suite.isis) problems.add(at('isis'), 'BIRD has no IS-IS', 'use frr({ isis: … })');
    const idle: Array<[string[], unknown, string]> = [
      [['ospf', 'spf'], ospf?.spf, 'BIRD computes OSPF routes on ticks of one second'],
      [['ospf', 'lsaInterval'], ospf?.lsaInterval, 'BIRD has no such timer'],
      [['ospf', 'stubAtStart'], ospf?.stubAtStart, 'BIRD is no stub router for a time'],
      [['bgp', 'advertise'], bgp?.advertise, 'BIRD sends its updates at once'],
    ];
    for (const [keys, value, why] of idle) {
      if (value !== undefined) problems.add(at(...keys), why, 'omit it, or use frr(…)');
    }
    if (ospf?.retransmit === 1000) {
      problems.add(at('ospf', 'retransmit'), 'BIRD needs at least 2 s, got 1 s', "such as '2s'");
    }
  }
  const centiseconds = suite.vrrp?.advert;
  if (centiseconds !== undefined && centiseconds % 10 !== 0) {
    const message = `must be a multiple of 10 ms, got ${formatDuration(centiseconds)}`;
    problems.add(at('vrrp', 'advert'), message, "such as '100ms'");
  }
  const timers: Array<[string[], number | undefined]> = [
    [['ospf', 'hello'], ospf?.hello],
    [['ospf', 'dead'], ospf?.dead],
    [['ospf', 'retransmit'], ospf?.retransmit],
    [['ospf', 'stubAtStart'], ospf?.stubAtStart],
    [['bgp', 'keepalive'], bgp?.keepalive],
    [['bgp', 'hold'], bgp?.hold],
    [['bgp', 'connectRetry'], bgp?.connectRetry],
    [['bgp', 'advertise'], bgp?.advertise],
    [['isis', 'hello'], suite.isis?.hello],
  ];
  for (const [keys, value] of timers) {
    if (value === undefined || value % 1000 === 0) continue;
    const message = `must be whole seconds, got ${formatDuration(value)}`;
    problems.add(at(...keys), message, "use bfd: { interval: '100ms' } for faster detection");
  }
}

/** Without a daemon there are static routes alone. */
function refuseDaemons(
  { suite: _, static: _routes, ...other }: ReadSuite,
  at: At,
  problems: Problems,
) {
  for (const [key, value] of Object.entries(other)) {
    if (value === undefined) continue;
    problems.add(at(key), 'needs a daemon, and Linux alone runs none', 'use frr(…) or bird(…)');
  }
}

/** Timers that would take a session down by themselves. */
function checkOrder({ ospf, bgp }: RoutingProtocols, at: At, problems: Problems): void {
  if (ospf && ospf.deadMs <= ospf.helloMs) {
    const message = `${formatDuration(ospf.deadMs)} is not longer than the hello interval of ${formatDuration(ospf.helloMs)}`;
    problems.add(at('ospf', 'dead'), message, 'four hello intervals are usual');
  }
  if (bgp && bgp.keepaliveMs >= bgp.holdMs) {
    const message = `${formatDuration(bgp.keepaliveMs)} is not shorter than the hold time of ${formatDuration(bgp.holdMs)}`;
    problems.add(at('bgp', 'keepalive'), message, 'a third of the hold time is usual');
  }
}
