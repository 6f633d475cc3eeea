/** Hosts and switches of a Mininet file, with what Mininet gives them by itself. */

import {
  asPython,
  type MininetDescription,
  type MininetNode,
} from '../../model/mininet-description.js';
import {
  formatAddress,
  parseCidr,
  parseDatapathId,
  parseMac,
} from '../../model/network/addresses.js';
import { quoted } from '../../model/units.js';
import type { PartOf, ReadPart } from '../schema/topology.js';
import {
  checkOptions,
  hostKind,
  type MininetReading,
  refuseValue,
  switchKind,
} from './mininet-options.js';
import { type MininetPort, noteLeft, type OwnStatement, tagOf } from './mininet-own.js';

type Host = PartOf<'host'>;
type Switch = PartOf<'switch'>;

/** `ipBase` of `mn`: addresses are counted from its first, one for every host. */
const ipBase = '10.0.0.0/8';
const defaultPrefix = 8;
const openflowVersions = ['10', '11', '12', '13', '14', '15'].map((n) => `OpenFlow${n}`);

/**
 * A host with its address as Mininet gives it: every host is counted, with or without an address of
 * its own, and an address without a prefix is in a /8. `number` counts from 1.
 */
export function hostPart(
  host: MininetNode,
  number: number,
  ports: readonly MininetPort[],
  own: OwnStatement,
  reading: MininetReading,
): Host {
  const { name, options } = host;
  const what = `the host ${quoted(name)}`;
  const tag = tagOf(name, own, reading);
  const builtAs = tag === undefined ? 'a host' : `a host that tags VLAN ${tag}`;
  checkOptions(host, name, hostKind, reading, builtAs);
  if (options.inNamespace === false) {
    const allowed = 'a host in the lab has its own network namespace; remove inNamespace';
    refuseValue(reading, what, 'inNamespace=False', allowed);
  }
  const { ip, mac, defaultRoute } = options;
  const stated = addressOf(host, number, reading);
  if (ip === null) reading.notes.add('address-given', name, 'ip=None', stated);
  const { address, route } = commanded(host, stated, ports, own, reading);
  if (typeof mac === 'string' ? parseMac(mac) === undefined : (mac ?? null) !== null) {
    const allowed = "a unicast MAC address, such as '00:00:00:00:00:01', is expected";
    refuseValue(reading, what, `mac=${asPython(mac ?? null)}`, allowed);
  }
  return {
    kind: 'host',
    name,
    address,
    ...(typeof mac === 'string' && parseMac(mac) ? { mac } : {}),
    ...(route === undefined ? routeOf(name, defaultRoute, reading) : { defaultRoute: route }),
    fromMininet: true,
    automaticAddress: address === stated && (ip === undefined || ip === null),
  };
}

/** The address that a host states, or that Mininet counts. */
export function addressOf(
  { name, options: { ip } }: MininetNode,
  number: number,
  reading: MininetReading,
): string {
  const automatic = `${formatAddress((parseCidr(ipBase)?.first ?? 0) + number)}/${defaultPrefix}`;
  if (ip === undefined || ip === null) return automatic;
  const text = typeof ip === 'string' ? ip : '';
  const address = text.includes('/') ? text : `${text}/${defaultPrefix}`;
  if (parseCidr(address) !== undefined) return address;
  const allowed = "an IPv4 address, such as '10.0.0.1' (in a /8) or '10.0.0.1/24', is expected";
  refuseValue(reading, `the host ${quoted(name)}`, `ip=${asPython(ip)}`, allowed);
  return automatic;
}

/** What commands of its class, and `params` of its links, change of its address and default route. */
function commanded(
  { name }: MininetNode,
  stated: string,
  ports: readonly MininetPort[],
  own: OwnStatement,
  reading: MininetReading,
): { address: string; route?: string } {
  const [first] = ports;
  let address = stated;
  for (const port of ports) {
    if (port.ip === undefined || (port === first && port.ip === stated)) continue;
    const setting = `${port.key}={'ip': ${quoted(port.ip)}}`;
    if (port === first) reading.notes.add('address-replaced', name, setting, stated);
    // A host of the lab has one address.
    else reading.notes.add('not-applied', name, setting);
  }
  const left = [...own.left];
  for (const { interface: port, address: given } of own.addresses) {
    const isFirst =
      port === first?.name || own.tags.some(({ id }) => port === `${first?.name}.${id}`);
    if (isFirst && parseCidr(given)) address = given;
    else left.push(`ip addr add ${given} dev ${port}`);
  }
  let route: string | undefined;
  for (const { prefix, via } of own.routes) {
    if (prefix === 'default') route = `via ${via}`;
    else left.push(`ip route add ${prefix} via ${via}`);
  }
  noteLeft(name, left, reading);
  return { address, ...(route === undefined ? {} : { route }) };
}

/** `via 10.0.0.254`, `dev h1-eth0`, or an interface's name alone, as `ip route` takes them. */
function routeOf(
  name: string,
  stated: MininetNode['options'][string] | undefined,
  reading: MininetReading,
): Pick<Host, 'defaultRoute'> {
  if (stated === undefined || stated === null) return {};
  const text = typeof stated === 'string' ? stated.trim() : '';
  const words = text.includes(' ') ? text : `dev ${text}`;
  if (/^(dev [\w.-]{1,15}( via [\d.]+)?|via [\d.]+( dev [\w.-]{1,15})?)$/.test(words)) {
    return { defaultRoute: words };
  }
  const allowed = "'via <address>', 'dev <interface>' or both are expected";
  refuseValue(reading, `the host ${quoted(name)}`, `defaultRoute=${asPython(stated)}`, allowed);
  return {};
}

/** All switches; their datapath ids are as Mininet finds them where Open vSwitch can have them. */
export function switchParts(
  switches: MininetDescription['switches'],
  reading: MininetReading,
): Switch[] {
  const stated = statedDpids(switches, reading);
  const taken = new Set(stated.values());
  return switches.map((one) => {
    const part = switchPart(one, reading);
    const own = stated.get(one.name);
    if (own !== undefined) return { ...part, dpid: own };
    const { dpid } = one.options;
    if (typeof dpid === 'string' && /^(0x)?[0:]+$/i.test(dpid)) {
      return { ...part, unusableDpid: dpid };
    }
    // As in Mininet: the first number in the name, in hex.
    const digits = /\d+/.exec(one.name)?.[0];
    if (digits === undefined) return { ...part, unusableDpid: '' };
    const hex = BigInt(digits).toString(16);
    const derived = parseDatapathId(hex);
    if (derived === undefined || taken.has(derived)) return { ...part, unusableDpid: hex };
    taken.add(derived);
    return { ...part, dpid: derived };
  });
}

function statedDpids(switches: MininetDescription['switches'], reading: MininetReading) {
  const stated = new Map<string, string>();
  for (const { name, options } of switches) {
    const { dpid } = options;
    if (dpid === undefined || dpid === null || dpid === '') continue;
    const what = `the switch ${quoted(name)}`;
    const read = typeof dpid === 'string' ? parseDatapathId(dpid) : undefined;
    const [other] = [...stated].find(([, known]) => known === read) ?? [];
    if (read !== undefined && other !== undefined) {
      const allowed = `that is already the datapath id of ${quoted(other)}`;
      refuseValue(reading, what, `dpid=${asPython(dpid)}`, allowed);
    } else if (read !== undefined) stated.set(name, read);
    else if (typeof dpid !== 'string' || !/^(0x)?[0:]+$/i.test(dpid)) {
      const allowed = "a string of up to 16 hex digits, such as '00000000000000a1', is expected";
      refuseValue(reading, what, `dpid=${asPython(dpid)}`, allowed);
    }
  }
  return stated;
}

function switchPart(one: MininetNode, reading: MininetReading): Switch {
  const { name, cls, options } = one;
  const what = `the switch ${quoted(name)}`;
  checkOptions(one, name, switchKind, reading);
  const { failMode, protocols, stp, inNamespace } = options;
  if (inNamespace === true) {
    const allowed = 'the switches in the lab share a network namespace; remove inNamespace';
    refuseValue(reading, what, 'inNamespace=True', allowed);
  }
  // These switch by themselves, whatever controller there is.
  const bridge = cls?.mininet === true && ['OVSBridge', 'LinuxBridge'].includes(cls.name);
  const mode = bridge ? 'standalone' : failMode;
  if (mode !== undefined && mode !== 'secure' && mode !== 'standalone') {
    const allowed = "'secure' or 'standalone' is expected";
    refuseValue(reading, what, `failMode=${asPython(mode)}`, allowed);
  }
  return {
    kind: 'switch',
    name,
    ...(mode === 'secure' || mode === 'standalone' ? { failMode: mode } : {}),
    ...protocolsOf(what, protocols, reading),
    ...(stp ? { stpStated: true } : {}),
    ...(bridge ? { withoutController: true } : {}),
    fromMininet: true,
  };
}

function protocolsOf(
  what: string,
  stated: MininetNode['options'][string] | undefined,
  reading: MininetReading,
): Pick<PartOf<'switch'>, 'protocols'> {
  if (stated === undefined || stated === null || stated === '') return {};
  const words = typeof stated === 'string' ? stated.split(',').map((word) => word.trim()) : [];
  if (words.length > 0 && words.every((word) => openflowVersions.includes(word))) {
    return { protocols: words };
  }
  const allowed = `one string of ${openflowVersions.join(', ')}, joined by commas, such as 'OpenFlow10,OpenFlow13', is expected`;
  refuseValue(reading, what, `protocols=${asPython(stated)}`, allowed);
  return {};
}

/** A part that a Mininet file states. */
export type MininetPart = Extract<ReadPart, { kind: 'host' | 'switch' | 'link' | 'router' }>;
