/** Hosts of a Mininet file that forward, such as LinuxRouter of its examples: routers without daemons. */
import { asPython, type MininetNode } from '../../model/mininet-description.js';
import {
  formatAddress,
  loopbackNetwork,
  overlap,
  parseCidr,
} from '../../model/network/addresses.js';
import { quoted } from '../../model/units.js';
import { joinPath } from '../problems.js';
import type { PartOf } from '../schema/topology.js';
import { addressOf } from './mininet-nodes.js';
import { checkOptions, hostKind, type MininetReading, refuseValue } from './mininet-options.js';
import { type MininetPort, noteLeft, type OwnStatement } from './mininet-own.js';

type Router = PartOf<'router'>;

/** Where the file's own networks hold the loopbacks that the lab would assign. */
const otherLoopbacks = '198.51.0.0/16';

/** @param number Of the host among all, from 1, which decides an address that is not stated. */
export function routerPart(
  node: MininetNode,
  number: number,
  ports: readonly MininetPort[],
  own: OwnStatement,
  reading: MininetReading,
): Router {
  const { name, options } = node;
  checkOptions(node, name, hostKind, reading, 'a router without daemons');
  if (own.tags.length > 0) {
    const message = `the host ${quoted(name)} forwards and tags VLAN ${own.tags[0]?.id}; a router of the lab has no VLAN interfaces`;
    const hint = 'join it to the switch by a link for each VLAN';
    reading.problems.add(joinPath(reading.path, ['vlan']), message, hint);
  }
  for (const key of ['mac', 'inNamespace'] as const) {
    const value = options[key] ?? null;
    if (value !== null && value !== true) {
      reading.notes.add('not-applied', name, `${key}=${asPython(value)}`);
    }
  }
  const addresses = addressesOf(node, number, ports, own, reading);
  noteLeft(name, own.left, reading);
  return {
    kind: 'router',
    name,
    suite: { suite: 'kernel', static: routesOf(node, own, reading) },
    portAddresses: Object.fromEntries(addresses),
    fromMininet: true,
  };
}

/** As Mininet sets them: those of links, then the node's own at its first interface, then commands. */
function addressesOf(
  node: MininetNode,
  number: number,
  ports: readonly MininetPort[],
  own: OwnStatement,
  reading: MininetReading,
): Map<string, string> {
  const { name, options } = node;
  const addresses = new Map<string, string>();
  for (const port of ports) {
    if (port.ip === undefined) continue;
    const read = port.ip.includes('/') ? parseCidr(port.ip) : undefined;
    if (read) addresses.set(port.name, port.ip);
    else {
      const allowed = "an address with a prefix, such as '10.0.1.1/24', is expected";
      const setting = `${port.key}={'ip': ${quoted(port.ip)}}`;
      refuseValue(reading, `the link at ${port.name}`, setting, allowed);
    }
  }
  const [first] = ports;
  if (first && options.ip !== null) {
    const stated = addressOf(node, number, reading);
    const before = addresses.get(first.name);
    if (before !== undefined && before !== stated) {
      reading.notes.add('address-replaced', name, `${first.key}={'ip': ${quoted(before)}}`, stated);
    }
    addresses.set(first.name, stated);
  }
  for (const { interface: port, address } of own.addresses) {
    if (ports.some((one) => one.name === port)) addresses.set(port, address);
    else reading.notes.add('command-not-run', name, `ip addr add ${address} dev ${port}`);
  }
  for (const port of ports) {
    if (!addresses.has(port.name)) reading.notes.add('port-without-address', port.name);
  }
  return addresses;
}

function routesOf({ name, options }: MininetNode, own: OwnStatement, { notes }: MininetReading) {
  const { defaultRoute } = options;
  const stated = typeof defaultRoute === 'string' ? defaultRoute : '';
  const [, via] = /\bvia (\d[\d.]+)/.exec(stated) ?? [];
  if (via === undefined && stated !== '') {
    notes.add('not-applied', name, `defaultRoute=${quoted(stated)}`);
  }
  const routes = own.routes.map((route) => ({
    prefix: route.prefix === 'default' ? '0.0.0.0/0' : route.prefix,
    via: route.via,
  }));
  return via === undefined ? routes : [{ prefix: '0.0.0.0/0', via }, ...routes];
}

/** Routers with loopbacks that no address of the file is near to. */
export function withFreeLoopbacks(
  routers: readonly Router[],
  addresses: readonly string[],
): Router[] {
  const [lab, free] = [parseCidr(loopbackNetwork), parseCidr(otherLoopbacks)];
  const held = addresses.some((text) => {
    const cidr = parseCidr(text);
    return cidr !== undefined && lab !== undefined && overlap(cidr, lab);
  });
  if (!held || free === undefined) return [...routers];
  return routers.map((router, index) => ({
    ...router,
    loopback: formatAddress(free.first + index + 1),
  }));
}
