/**
 * Addresses and identifiers, given or assigned. Assigned ones depend only on the order of the
 * nodes, so that adding a node at the end changes nothing for the others:
 *
 * | what                 | n-th (from 1), left out in the scenario                          |
 * |----------------------|------------------------------------------------------------------|
 * | host address         | n-th of `10.0.0.0/8`, or of the subnet that other hosts are given |
 * | meter address        | n-th of `198.18.0.0/15` (RFC 2544); only for meters that ask for it |
 * | host MAC             | `02:00:00:00:00:<n>`                                              |
 * | datapath id          | `%016x` of n, counted over switches and relays together           |
 * | relay on the fabric  | n-th of `172.31.0.0/16`                                           |
 * | cable under a tunnel | n-th /30 of `172.30.0.0/16`                                       |
 * | loopback of a router | n-th of `10.255.0.0/16`, its router id as well                    |
 * | link of two routers  | n-th /30 of `10.253.0.0/16`                                       |
 * | router and hosts     | n-th /24 of `10.0.0.0/8`; routers  from .1 on, hosts from .10 on  |
 */
import { quoted } from '../units.js';

/** An IPv4 address with its network. Addresses are unsigned 32-bit numbers. */
export interface Cidr {
  address: number;
  prefix: number;
  /** First and last address of the network. */
  first: number;
  last: number;
}

export const hostNetwork = '10.0.0.0/8';
export const meterNetwork = '198.18.0.0/15';
/** Of the cables under tunnels; the bridge gives each a /30 of it. */
export const cableNetwork = '172.30.0.0/16';
export const fabricNetwork = '172.31.0.0/16';
export const loopbackNetwork = '10.255.0.0/16';
/** Of the links between two routers, and of all other subnets that a router is in. */
export const transitNetwork = '10.253.0.0/16';
export const routedHostNetwork = '10.0.0.0/8';

/** Reads `10.0.0.1/24`; undefined when it is not that. Leading zeros are refused. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const numbers = match.slice(1).map(Number);
  const prefix = numbers[4] ?? 33;
  const plain = match.slice(1).every((digits, index) => digits === String(numbers[index]));
  if (!plain || prefix > 32 || numbers.slice(0, 4).some((octet) => octet > 255)) return undefined;
  const address = numbers.slice(0, 4).reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  return { address, prefix, first, last: first + size - 1 };
}

/**
 * Why a text is not what was wanted, such as `an IPv4 address`. One of IPv6 is well written, and still
 * nothing that a lab can have.
 */
export function notIpv4(text: string, wanted: string): string {
  const sixth = /^[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*(\/\d{1,3})?$/i.test(text);
  return sixth ? `'${text}' is IPv6, and a lab has IPv4 alone` : `${quoted(text)} is not ${wanted}`;
}

/** `10.0.0.1` of an address. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** The network in CIDR form, `10.99.0.0/24`. */
export function formatNetwork(cidr: Cidr): string {
  return `${formatAddress(cidr.first)}/${cidr.prefix}`;
}

/** Whether two networks share an address. */
export function overlap(a: Cidr, b: Cidr): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Whether both are the same network. */
export function sameNetwork(a: Cidr, b: Cidr): boolean {
  return a.first === b.first && a.prefix === b.prefix;
}

/** Whether a host may have this address: neither the network's own nor its broadcast address. */
export function usable(cidr: Cidr): boolean {
  return cidr.prefix >= 31 || (cidr.address !== cidr.first && cidr.address !== cidr.last);
}

/** Hands out the n-th free address of a network, in order; undefined when it is full. */
export function addressSource(network: string, taken: ReadonlySet<number>) {
  const cidr = parseCidr(network);
  let next = cidr === undefined ? 0 : cidr.first + 1;
  return (): string | undefined => {
    while (taken.has(next)) next += 1;
    if (cidr === undefined || next >= cidr.last) return undefined;
    const address = next;
    next += 1;
    return `${formatAddress(address)}/${cidr.prefix}`;
  };
}

/** Hands out the n-th free name made by `make`, n from 1. */
export function identifierSource(make: (n: number) => string, taken: ReadonlySet<string>) {
  let n = 0;
  return (): string => {
    do n += 1;
    while (taken.has(make(n)));
    return make(n);
  };
}

/** `02:00:00:00:00:01` for 1: locally administered, unicast. */
export function macAddress(n: number): string {
  const hex = (0x020000000000 + n).toString(16).padStart(12, '0');
  return (hex.match(/../g) ?? []).join(':');
}

/** Lower case, colons; undefined when it is not a unicast MAC address. */
export function parseMac(text: string): string | undefined {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) return undefined;
  const lower = text.toLowerCase();
  const multicast = (Number.parseInt(lower.slice(0, 2), 16) & 1) === 1;
  return multicast || lower === '00:00:00:00:00:00' ? undefined : lower;
}

/** 16 hex digits: Open vSwitch refuses or misreads a shorter datapath id. */
export function datapathId(n: number): string {
  return n.toString(16).padStart(16, '0');
}

/** Up to 16 hex digits, `0x` and colons allowed, never zero; undefined when it is not that. */
export function parseDatapathId(text: string): string | undefined {
  const digits = text.toLowerCase().replace(/^0x/, '').replaceAll(':', '');
  if (!/^[0-9a-f]{1,16}$/.test(digits) || /^0+$/.test(digits)) return undefined;
  return digits.padStart(16, '0');
}
