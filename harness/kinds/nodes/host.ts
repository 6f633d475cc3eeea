/** Hosts, where traffic begins and ends. */

import { joinPath } from '../../language/problems.js';
import { bindIdentifiers, readAddresses } from '../../language/resolve/given.js';
import type { Placed } from '../../language/resolve/placed.js';
import { text } from '../../language/schema/fields.js';
import { vlan } from '../../language/schema/vlan.js';
import {
  addressSource,
  type Cidr,
  formatNetwork,
  hostNetwork,
  macAddress,
  overlap,
  parseMac,
  sameNetwork,
} from '../../model/network/addresses.js';
import facts from '../../model/nodes/host.js';
import { type NodeContext, nodeKind } from '../node-kind.js';

export interface HostOptions {
  /** Address with prefix length, `'10.99.0.3/24'`; left out: assigned as Mininet does. */
  address?: string;
  /** `'02:00:00:00:00:01'`; left out: assigned in order. */
  mac?: string;
  /** The switch or relay it is plugged into; same as a `link` beside it. */
  on?: string;
  /** The VLAN of that link: a number for an access port, or `{ tagged: 10 }`. Left out: none. */
  vlan?: number | { tagged: number };
}

export interface HostPart extends HostOptions {
  kind: 'host';
  name: string;
}

/**
 * A host: an endpoint of traffic, in its own network namespace.
 *
 * @example
 * host('h3', { address: '10.99.0.3/24', on: 'e3' })
 */
export const host = (name: string, options: HostOptions = {}): HostPart => ({
  ...options,
  kind: 'host',
  name,
});

export default nodeKind({
  facts,
  order: 10,
  noun: ['host', 'hosts'],
  write: host,
  fields: {
    address: text.optional(),
    mac: text.optional(),
    on: text.optional(),
    vlan: vlan.optional(),
  },
  resolve(batch, context) {
    const { problems } = context;
    const given = readAddresses(batch, 'address', problems);
    checkNetworks(batch, given, context);
    const first = [...given.values()][0];
    const network = first === undefined ? hostNetwork : formatNetwork(first);
    const taken = new Set([...given.values()].map((cidr) => cidr.address));
    const nextAddress = addressSource(network, taken);
    const example = "a unicast MAC address such as '02:00:00:00:00:01'";
    const macs = bindIdentifiers(batch, 'mac', parseMac, macAddress, example, problems);
    return batch.map(({ part, path }) => {
      if (part.vlan !== undefined && part.on === undefined) {
        const hint = "name its switch, { on: 's1', vlan: 10 }, or give the VLAN to the link";
        problems.add(
          joinPath(path, ['vlan']),
          "is of the link that 'on' makes, and there is none",
          hint,
        );
      }
      const address = part.address ?? nextAddress();
      if (address === undefined) problems.add(path, `the network ${network} has no free address`);
      return {
        kind: 'host',
        name: part.name,
        mac: macs.get(part) ?? '',
        address: address ?? '',
        ...(part.defaultRoute === undefined ? {} : { defaultRoute: part.defaultRoute }),
      };
    });
  },
  picture: { shape: 'rectangle', width: 40, height: 30, corner: 7 },
  documented: {
    example: "host('h1', { on: 's1' })",
    is: 'an endpoint of traffic, in its own network namespace',
  },
});

interface Networked {
  name: string;
  fromMininet?: boolean;
}

function checkNetworks<Part extends Networked>(
  placed: ReadonlyArray<Placed<Part>>,
  given: ReadonlyMap<Part, Cidr>,
  { fabric, problems }: NodeContext,
): void {
  const seen: Array<{ cidr: Cidr; name: string }> = [];
  for (const { part, path } of placed) {
    const cidr = given.get(part);
    if (cidr === undefined) continue;
    const at = joinPath(path, ['address']);
    const clash = (what: string) =>
      problems.add(at, `the subnet ${formatNetwork(cidr)} overlaps ${what}`);
    if (fabric.cidr && overlap(cidr, fabric.cidr)) {
      clash(`the fabric's ${formatNetwork(fabric.cidr)}`);
    }
    // Mininet's hosts may differ: whether a pair reaches each other is judged with the traffic.
    const other = part.fromMininet
      ? undefined
      : seen.find((known) => overlap(known.cidr, cidr) && !sameNetwork(known.cidr, cidr));
    if (other) clash(`${formatNetwork(other.cidr)} of ${other.name}; use one prefix length`);
    seen.push({ cidr, name: part.name });
  }
}
