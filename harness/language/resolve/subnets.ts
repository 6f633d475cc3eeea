/**
 * A subnet for every segment that a router is in, an address for every interface in it, and a default
 * route for its hosts. What is given counts; the rest is handed out in the order of the links.
 */
import {
  type Cidr,
  formatAddress,
  formatNetwork,
  notIpv4,
  overlap,
  parseCidr,
  routedHostNetwork,
  sameNetwork,
  transitNetwork,
  usable,
} from '../../model/network/addresses.js';
import type { Segment } from '../../model/network/segments.js';
import type { Problems } from '../problems.js';

/** An address that was written, and where. */
export interface GivenAddress {
  text: string;
  path: string;
}

export interface Subnet {
  segment: Segment;
  cidr: Cidr;
  /** CIDR by `node port`. */
  addresses: Map<string, string>;
  /** CIDR of the address that its gateways share; left out: it has none. */
  virtual?: string;
}

export const endKey = ({ node, port }: { node: string; port: string }): string => `${node} ${port}`;

/**
 * @param given Addresses that were written, by `endKey`.
 * @param gateways Nodes that share an address in each of their subnets.
 * @param taken Networks that nothing may overlap, with whose they are.
 */
export function assignSubnets(
  segments: readonly Segment[],
  given: ReadonlyMap<string, GivenAddress>,
  taken: ReadonlyArray<{ cidr: Cidr; whose: string }>,
  gateways: ReadonlySet<string>,
  problems: Problems,
): Subnet[] {
  const used = [...taken];
  const stated = segments.map((segment) => statedNetwork(segment, given, used, problems));
  const next = networkSource(used);
  return segments.map((segment, index) => {
    const shared = segment.ends.some(({ node }) => gateways.has(node));
    const pair = segment.ends.length === 2 && segment.ends.every(({ routes }) => routes);
    const cidr = stated[index] ?? next(pair && !shared);
    return { segment, cidr, ...addressesIn(segment, cidr, given, shared, problems) };
  });
}

/** The network that the given addresses of a segment agree on; undefined where none is given. */
function statedNetwork(
  segment: Segment,
  given: ReadonlyMap<string, GivenAddress>,
  used: Array<{ cidr: Cidr; whose: string }>,
  problems: Problems,
): Cidr | undefined {
  let network: { cidr: Cidr; whose: string } | undefined;
  for (const end of segment.ends) {
    const written = given.get(endKey(end));
    const cidr = written && readGiven(written, problems);
    if (written === undefined || cidr === undefined) continue;
    if (network === undefined) network = { cidr, whose: end.node };
    else if (!sameNetwork(network.cidr, cidr)) {
      const other = `${formatNetwork(network.cidr)} of '${network.whose}'`;
      const message = `${written.text} is not in ${other}, which is on the same link`;
      problems.add(written.path, message, 'the ends of one link must be in one subnet');
    }
  }
  if (network === undefined) return undefined;
  const { cidr } = network;
  const clash = used.find((other) => overlap(other.cidr, cidr));
  if (clash) {
    const at = segment.ends.map((end) => given.get(endKey(end))?.path).find(Boolean) ?? 'topology';
    const message = `the subnet ${formatNetwork(cidr)} overlaps ${formatNetwork(clash.cidr)} of ${clash.whose}`;
    problems.add(at, message, 'every link of a router needs a subnet of its own');
  }
  used.push({ cidr, whose: `the link ${segment.links[0]}` });
  return cidr;
}

function readGiven({ text, path }: GivenAddress, problems: Problems): Cidr | undefined {
  const cidr = parseCidr(text);
  if (cidr && usable(cidr)) return cidr;
  const what =
    cidr === undefined
      ? notIpv4(text, 'an IPv4 address with a prefix length')
      : `${text} is the network or broadcast address of ${formatNetwork(cidr)}`;
  problems.add(path, what, "such as '192.0.2.1/30'");
  return undefined;
}

/** A /30 for two routers, a /24 otherwise; none that overlaps what is used. */
function networkSource(used: ReadonlyArray<{ cidr: Cidr }>) {
  const transit = parseCidr(transitNetwork);
  const edge = parseCidr(routedHostNetwork);
  const places = { pair: transit?.first ?? 0, edge: (edge?.first ?? 0) + 256 };
  return (pair: boolean): Cidr => {
    const [prefix, size] = pair ? [30, 4] : [24, 256];
    const key = pair ? 'pair' : 'edge';
    for (;;) {
      const first = places[key];
      places[key] += size;
      const cidr = { address: first, prefix, first, last: first + size - 1 };
      if (!used.some((other) => overlap(other.cidr, cidr))) return cidr;
    }
  };
}

/** Gateways share the first free address, routers get the next ones, hosts those from the tenth on. */
function addressesIn(
  { ends }: Segment,
  cidr: Cidr,
  given: ReadonlyMap<string, GivenAddress>,
  shared: boolean,
  problems: Problems,
): Pick<Subnet, 'addresses' | 'virtual'> {
  const addresses = new Map<string, string>();
  const taken = new Map<number, string>();
  for (const end of ends) {
    const written = given.get(endKey(end));
    const read = written && parseCidr(written.text);
    if (written === undefined || read === undefined) continue;
    const first = taken.get(read.address);
    if (first !== undefined)
      problems.add(written.path, `${written.text} is already the address of ${first}`);
    taken.set(read.address, end.node);
    addresses.set(endKey(end), written.text);
  }
  let virtual: string | undefined;
  if (shared) {
    let address = cidr.first + 1;
    while (taken.has(address)) address += 1;
    taken.set(address, 'the gateways');
    virtual = `${formatAddress(address)}/${cidr.prefix}`;
  }
  for (const end of ends) {
    if (addresses.has(endKey(end))) continue;
    const roomy = cidr.last - cidr.first > 32;
    // Both addresses of a /31 are hosts' (RFC 3021).
    const pair = cidr.prefix === 31;
    let address = cidr.first + (pair ? 0 : end.routes || !roomy ? 1 : 10);
    while (taken.has(address)) address += 1;
    if (pair ? address > cidr.last : address >= cidr.last) {
      const message = `the subnet ${formatNetwork(cidr)} of ${end.link} has no free address for '${end.node}'`;
      problems.add('topology', message, 'give it a shorter prefix');
      continue;
    }
    taken.set(address, end.node);
    addresses.set(endKey(end), `${formatAddress(address)}/${cidr.prefix}`);
  }
  return virtual === undefined ? { addresses } : { addresses, virtual };
}
