/** Addresses and identifiers that are given: checked, noted when given twice, the rest handed out. */
import {
  type Cidr,
  formatNetwork,
  identifierSource,
  notIpv4,
  parseCidr,
  usable,
} from '../../model/network/addresses.js';
import { quoted } from '../../model/units.js';
import { joinPath, type Problems } from '../problems.js';
import type { Placed } from './placed.js';

/** Reads the addresses that are given, and notes those given twice. */
export function readAddresses<Part>(
  placed: ReadonlyArray<Placed<Part>>,
  key: keyof Part & string,
  problems: Problems,
): Map<Part, Cidr> {
  const read = new Map<Part, Cidr>();
  const seen = new Map<number, string>();
  for (const { part, path } of placed) {
    const text = part[key];
    if (typeof text !== 'string') continue;
    const at = joinPath(path, [key]);
    const cidr = parseCidr(text);
    if (cidr === undefined) {
      const hint = /[/:]/.test(text) ? undefined : `write the prefix length too, '${text}/24'`;
      problems.add(at, notIpv4(text, 'an IPv4 address with a prefix length'), hint);
    } else if (!usable(cidr)) {
      problems.add(at, `${text} is the network or broadcast address of ${formatNetwork(cidr)}`);
    } else {
      const first = seen.get(cidr.address);
      if (first !== undefined)
        problems.add(at, `${text} is already the address of ${first}`, hintOf(part));
      seen.set(cidr.address, path);
      read.set(part, cidr);
    }
  }
  return read;
}

/** Mininet counts every host, so an address of its choice may be that of a host with its own. */
function hintOf(part: unknown): string | undefined {
  const automatic = typeof part === 'object' && part !== null && 'automaticAddress' in part;
  if (!automatic || !part.automaticAddress) return undefined;
  return 'Mininet chose the address by the position of the host; set ip= for the host';
}

/** Binds what is given after checking it, and hands out the rest in order. */
export function bindIdentifiers<Part, Key extends keyof Part & string>(
  placed: ReadonlyArray<Placed<Part>>,
  key: Key,
  parse: (text: string) => string | undefined,
  make: (n: number) => string,
  wanted: string,
  problems: Problems,
): Map<Part, string> {
  const bound = new Map<Part, string>();
  const seen = new Map<string, string>();
  for (const { part, path } of placed) {
    const text = part[key];
    if (typeof text !== 'string') continue;
    const at = joinPath(path, [key]);
    const parsed = parse(text);
    const first = parsed === undefined ? undefined : seen.get(parsed);
    if (parsed === undefined) problems.add(at, `${quoted(text)} is not ${wanted}`);
    else if (first !== undefined) problems.add(at, `${text} is already the ${key} of ${first}`);
    if (parsed === undefined) continue;
    seen.set(parsed, path);
    bound.set(part, parsed);
  }
  const next = identifierSource(make, new Set(seen.keys()));
  for (const { part } of placed) {
    if (!bound.has(part)) bound.set(part, next());
  }
  return bound;
}
