/** Nodes with every address and identifier bound. */

import {
  addressSource,
  type Cidr,
  cableNetwork,
  datapathId,
  fabricNetwork,
  formatNetwork,
  hostNetwork,
  identifierSource,
  macAddress,
  overlap,
  parseCidr,
  parseDatapathId,
  parseMac,
  sameNetwork,
  usable,
} from '../../model/network/addresses.js';
import { controlNetwork } from '../../model/network/control-network.js';
import { mininetNameProblem, nodeNameProblem } from '../../model/network/names.js';
import type { ResolvedNode } from '../../model/resolved.js';
import { quoted } from '../../model/units.js';
import { joinPath, type Problems } from '../problems.js';
import type { ReadController } from '../schema/controller.js';
import type { PartOf } from '../schema/topology.js';
import { type Placed, partsOf, type ReadTopology } from './parts.js';

type NodePart = PartOf<'host' | 'switch' | 'relay'>;
type ForwarderPart = PartOf<'switch' | 'relay'>;

/** Binds hosts, switches and relays, in the order they were written. */
export function resolveNodes(
  topology: ReadTopology,
  controller: ReadController | undefined,
  problems: Problems,
): ResolvedNode[] {
  const placed = partsOf(topology, 'host', 'switch', 'relay');
  checkNames(placed, problems);
  // Only relays have interfaces in the fabric: without them there is none to overlap with.
  const hasRelays = partsOf(topology, 'relay').length > 0;
  const fabric = hasRelays ? fabricOf(topology, problems) : undefined;
  const hostsBound = bindHosts(partsOf(topology, 'host'), fabric, problems);
  const forwardersBound = bindForwarders(topology, controller, problems);
  return placed.flatMap(({ part }) => {
    const bound = part.kind === 'host' ? hostsBound.get(part) : forwardersBound.get(part);
    return bound === undefined ? [] : [bound];
  });
}

function checkNames(placed: ReadonlyArray<Placed<NodePart>>, problems: Problems): void {
  const seen = new Map<string, string>();
  for (const { part, path } of placed) {
    const wrong = part.fromMininet ? mininetNameProblem(part.name) : nodeNameProblem(part.name);
    if (wrong !== undefined) problems.add(joinPath(path, ['name']), wrong);
    const first = seen.get(part.name);
    if (first !== undefined) {
      problems.add(joinPath(path, ['name']), `the name '${part.name}' is taken by ${first}`);
    } else seen.set(part.name, path);
  }
}

/** The fabric's network as written or by default. */
export function fabricOf(topology: ReadTopology, problems: Problems): Cidr | undefined {
  const written = partsOf(topology, 'fabric')[0];
  const subnet = written?.part.subnet ?? fabricNetwork;
  const cidr = parseCidr(subnet);
  if (cidr === undefined) {
    const path = joinPath(written?.path ?? 'topology', ['subnet']);
    problems.add(path, `${quoted(subnet)} is not an IPv4 network`, "such as '172.31.0.0/16'");
  }
  return cidr;
}

/** A relay has addresses in the control network and on its cables as well. */
function checkFabricApart(topology: ReadTopology, fabric: Cidr, problems: Problems): void {
  const tunnels = partsOf(topology, 'gre', 'vxlan', 'geneve');
  const cables = tunnels.some(({ part }) => typeof part.over === 'object');
  const others = [
    { network: controlNetwork, whose: 'the control network' },
    ...(cables ? [{ network: cableNetwork, whose: 'the cables under tunnels' }] : []),
  ];
  const path = joinPath(partsOf(topology, 'fabric')[0]?.path ?? 'topology', ['subnet']);
  for (const { network, whose } of others) {
    const other = parseCidr(network);
    // In a larger network the more exact route wins.
    if (other === undefined || fabric.prefix < other.prefix || !overlap(fabric, other)) continue;
    const message = `the fabric's ${formatNetwork(fabric)} overlaps ${network} of ${whose}`;
    problems.add(path, message, "such as '172.31.0.0/16'");
  }
}

/** Reads the addresses that are given, and notes those given twice. */
function readAddresses<Part>(
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
      const hint = text.includes('/') ? undefined : `write the prefix length too, '${text}/24'`;
      problems.add(at, `${quoted(text)} is not an IPv4 address with a prefix length`, hint);
    } else if (!usable(cidr)) {
      problems.add(at, `${text} is the network or broadcast address of ${formatNetwork(cidr)}`);
    } else {
      const first = seen.get(cidr.address);
      if (first !== undefined)
        problems.add(at, `${text} is the address of ${first} already`, hintOf(part));
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
  return "Mininet chose the address by the host's place in its order; state ip= for the host";
}

function bindHosts(
  placed: ReadonlyArray<Placed<PartOf<'host'>>>,
  fabric: Cidr | undefined,
  problems: Problems,
): Map<NodePart, ResolvedNode> {
  const given = readAddresses(placed, 'address', problems);
  checkHostNetworks(placed, given, fabric, problems);
  const first = [...given.values()][0];
  const network = first === undefined ? hostNetwork : formatNetwork(first);
  const taken = new Set([...given.values()].map((cidr) => cidr.address));
  const nextAddress = addressSource(network, taken);
  const macs = bindIdentifiers(
    placed,
    'mac',
    parseMac,
    macAddress,
    "a unicast MAC address such as '02:00:00:00:00:01'",
    problems,
  );
  const bound = new Map<NodePart, ResolvedNode>();
  for (const { part, path } of placed) {
    const address = part.address ?? nextAddress();
    if (address === undefined) problems.add(path, `the network ${network} has no address left`);
    bound.set(part, {
      kind: 'host',
      name: part.name,
      mac: macs.get(part) ?? '',
      address: address ?? '',
      ...(part.defaultRoute === undefined ? {} : { defaultRoute: part.defaultRoute }),
    });
  }
  return bound;
}

function checkHostNetworks(
  placed: ReadonlyArray<Placed<PartOf<'host'>>>,
  given: ReadonlyMap<PartOf<'host'>, Cidr>,
  fabric: Cidr | undefined,
  problems: Problems,
): void {
  const seen: Array<{ cidr: Cidr; name: string }> = [];
  for (const { part, path } of placed) {
    const cidr = given.get(part);
    if (cidr === undefined) continue;
    const at = joinPath(path, ['address']);
    const clash = (what: string) =>
      problems.add(at, `the subnet ${formatNetwork(cidr)} overlaps ${what}`);
    if (fabric && overlap(cidr, fabric)) clash(`the fabric's ${formatNetwork(fabric)}`);
    // Mininet's hosts may differ: whether a pair reaches each other is judged with the traffic.
    const other = part.fromMininet
      ? undefined
      : seen.find((known) => overlap(known.cidr, cidr) && !sameNetwork(known.cidr, cidr));
    if (other) clash(`${formatNetwork(other.cidr)} of ${other.name}; use one prefix length`);
    seen.push({ cidr, name: part.name });
  }
}

function bindForwarders(
  topology: ReadTopology,
  controller: ReadController | undefined,
  problems: Problems,
): Map<NodePart, ResolvedNode> {
  const placed = partsOf(topology, 'switch', 'relay');
  const dpids = bindIdentifiers(
    placed,
    'dpid',
    parseDatapathId,
    datapathId,
    "a datapath id: up to 16 hex digits, not zero, such as '00000000000000a1'",
    problems,
  );
  const underlay = bindUnderlay(topology, problems);
  const alone = controller === undefined || controller.kind === 'none';
  const protection =
    controller && 'spanningTree' in controller ? controller.spanningTree : undefined;
  const bound = new Map<NodePart, ResolvedNode>();
  for (const { part } of placed) {
    const failMode = part.failMode ?? (alone ? ('standalone' as const) : ('secure' as const));
    const common = {
      name: part.name,
      dpid: dpids.get(part) ?? '',
      spanningTree: part.spanningTree ?? protection ?? ('none' as const),
      failMode,
    };
    if (part.kind === 'relay') {
      const underlayAddress = underlay.get(part) ?? '';
      bound.set(part, { kind: 'relay', ...common, underlayAddress });
      continue;
    }
    bound.set(part, {
      kind: 'switch',
      ...common,
      ...(part.stpStated
        ? { spanningTree: stpOfMininet(part.name, failMode, protection, topology) }
        : {}),
      ...(part.protocols === undefined ? {} : { protocols: [...part.protocols] }),
      ...(part.withoutController ? { withoutController: true } : {}),
    });
    if (part.unusableDpid === '')
      topology.notes.add('dpid-given', part.name, undefined, common.dpid);
    else if (part.unusableDpid !== undefined) {
      topology.notes.add('dpid-replaced', part.name, part.unusableDpid, common.dpid);
    }
  }
  return bound;
}

/** As Mininet does it, `stp=True` is for standalone switches; a scenario that states its own wins. */
function stpOfMininet(
  name: string,
  failMode: 'secure' | 'standalone',
  protection: 'none' | 'stp' | 'rstp' | undefined,
  { notes }: ReadTopology,
): 'none' | 'stp' | 'rstp' {
  if (protection !== undefined) {
    if (protection !== 'stp') notes.add('spanning-tree-of-scenario', name, 'stp=True', protection);
    return protection;
  }
  if (failMode === 'standalone') return 'stp';
  notes.add('stp-needs-standalone', name, 'stp=True');
  return 'none';
}

function bindUnderlay(topology: ReadTopology, problems: Problems): Map<ForwarderPart, string> {
  const placed = partsOf(topology, 'relay');
  const fabric = fabricOf(topology, problems);
  const given = readAddresses(placed, 'underlayAddress', problems);
  if (fabric !== undefined) checkFabricApart(topology, fabric, problems);
  const taken = new Set([...given.values()].map((cidr) => cidr.address));
  const network = fabric === undefined ? fabricNetwork : formatNetwork(fabric);
  const next = addressSource(network, taken);
  const bound = new Map<ForwarderPart, string>();
  for (const { part, path } of placed) {
    const cidr = given.get(part);
    if (cidr && fabric && !sameNetwork(cidr, fabric)) {
      const wanted = `is not in the fabric's ${network}`;
      problems.add(joinPath(path, ['underlayAddress']), `${part.underlayAddress} ${wanted}`);
    }
    const address = part.underlayAddress ?? next();
    if (address === undefined) problems.add(path, `the fabric's ${network} has no address left`);
    bound.set(part, address ?? '');
  }
  return bound;
}

/** Binds what is given after checking it, and hands out the rest in order. */
function bindIdentifiers<Part, Key extends keyof Part & string>(
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
    else if (first !== undefined) problems.add(at, `${text} is the ${key} of ${first} already`);
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
