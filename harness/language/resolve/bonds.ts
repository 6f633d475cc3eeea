/** Bonds with their members and monitors bound. */

import { nounOf } from '../../kinds/node-tables.js';
import { parseCidr } from '../../model/network/addresses.js';
import { longestInterfaceName } from '../../model/network/names.js';
import { has, nodeWith } from '../../model/node-traits.js';
import type { ResolvedBond, ResolvedLink, ResolvedNode } from '../../model/resolved.js';
import { formatDuration, quoted } from '../../model/units.js';
import { didYouMean, joinPath, type Problems } from '../problems.js';
import type { PartOf } from '../schema/topology.js';
import { knownNode } from './parts.js';
import { claimId, type LinkPart, type WiringContext } from './wiring.js';

type BondPart = PartOf<'bond'>;

const leastMembers = 2;
/** As many as IEEE 802.1AX switches usually take. */
const mostMembers = 8;
const usualMiimonMs = 100;

/** Binds a bond and the links that it makes. @param addLink Binds one of them. */
export function addBond(
  context: WiringContext,
  part: BondPart,
  path: string,
  addLink: (wire: LinkPart) => ResolvedLink,
): void {
  const { problems, wiring } = context;
  if (!endsFit(context, part, path)) return;
  checkOptions(part, path, problems);
  const { host, to, bandwidth, delay, jitter, loss, queue, mtu, carrier, vlan } = part;
  const wire = { bandwidth, delay, jitter, loss, queue, mtu, carrier, vlan };
  const links = to.map((node) =>
    // The switch's end is the one that faults set down; the host's stays as the bond has it.
    addLink({ ...wire, kind: 'link', a: node, b: host, id: memberId(context, host, node) }),
  );
  const port = `${host}-bond`;
  if (port.length > longestInterfaceName) {
    const limit = `Linux allows ${longestInterfaceName} characters`;
    problems.add(path, `the interface name '${port}' has ${port.length} characters; ${limit}`);
  }
  const every = part.miimon ?? usualMiimonMs;
  wiring.bonds.push({
    id: claimId(context, part.id, `bond-${host}`, path),
    node: host,
    port,
    mode: part.mode ?? 'active-backup',
    members: links.map(({ id, b }) => ({ link: id, port: b.port })),
    primary: primaryOf(part, links, path, problems),
    monitor: part.arp
      ? { by: 'arp', everyMs: part.arp.every, targets: [part.arp.target] }
      : { by: 'carrier', everyMs: every },
    downDelayMs: part.downDelay ?? 0,
    upDelayMs: part.upDelay ?? 0,
    lacpRate: part.mode === 'lacp' ? (part.rate ?? 'slow') : null,
  });
}

/** Ids are given before the links are bound, in which `claimId` finds them free. */
function memberId({ wiring: { places } }: WiringContext, host: string, node: string): string {
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? `${host}-${node}` : `${host}-${node}-${n}`;
    if (!places.has(id)) return id;
  }
}

function endsFit({ topology, byName, problems }: WiringContext, part: BondPart, path: string) {
  const { host, to } = part;
  const before = problems.list.length;
  if (knownNode(host, topology.names, joinPath(path, ['host']), problems)) {
    const node = byName.get(host);
    if (node && !has(node, 'end-point')) {
      const message = `a bond is a host's, and '${host}' is a ${nounOf(node.kind)}`;
      problems.add(joinPath(path, ['host']), message);
    }
  }
  to.forEach((name, index) => {
    const at = joinPath(path, ['to', index]);
    if (!knownNode(name, topology.names, at, problems)) return;
    const node = byName.get(name);
    if (node === undefined || (has(node, 'forwards') && !has(node, 'routes'))) return;
    problems.add(
      at,
      `a bond leads to switches, bridges or relays; '${name}' is a ${nounOf(node.kind)}`,
    );
  });
  if (to.length < leastMembers || to.length > mostMembers) {
    const message = `a bond has ${leastMembers} to ${mostMembers} members, got ${to.length}`;
    const hint = "name the switch of each: bond('h1', ['s1', 's2'])";
    problems.add(joinPath(path, ['to']), message, hint);
  }
  return problems.list.length === before;
}

function checkOptions(part: BondPart, path: string, problems: Problems): void {
  const at = (key: string) => joinPath(path, [key]);
  const lacp = part.mode === 'lacp';
  if (lacp && new Set(part.to).size > 1) {
    const message = `LACP joins a host to one system, and ${[...new Set(part.to)].join(', ')} are several (no MLAG)`;
    problems.add(at('to'), message, "use mode: 'active-backup' across switches, or one switch");
  }
  if (!lacp && part.rate !== undefined) {
    problems.add(at('rate'), 'is an option of LACP', "set mode: 'lacp', or remove it");
  }
  for (const key of ['primary', 'arp'] as const) {
    if (!lacp || part[key] === undefined) continue;
    problems.add(at(key), "is an option of mode 'active-backup', and the mode is 'lacp'");
  }
  if (part.vlan !== undefined && part.vlan.mode !== 'access') {
    problems.add(at('vlan'), 'must be one number: the members of a bond are access ports');
  }
  if (part.arp) {
    for (const key of ['miimon', 'downDelay', 'upDelay'] as const) {
      if (part[key] === undefined) continue;
      problems.add(at(key), 'belongs to watching the carrier, and arp watches by requests');
    }
    return;
  }
  if (part.carrier === 'hidden' && !lacp) {
    const message = 'with hidden carrier the bond would never see that a member has gone';
    problems.add(at('carrier'), message, "add arp: { target: 'h2', every: '100ms' }");
  }
  const every = part.miimon ?? usualMiimonMs;
  for (const key of ['downDelay', 'upDelay'] as const) {
    const delay = part[key] ?? 0;
    if (Number.isInteger(delay / every)) continue;
    const message = `must be a multiple of miimon (${formatDuration(every)}), got ${formatDuration(delay)}`;
    problems.add(at(key), message);
  }
}

function primaryOf(
  { primary, to }: BondPart,
  links: readonly ResolvedLink[],
  path: string,
  problems: Problems,
): string | null {
  if (primary === undefined) return null;
  const byId = links.find(({ id }) => id === primary);
  const [only, ...others] = byId ? [byId] : links.filter(({ a }) => a.node === primary);
  if (only !== undefined && others.length === 0) return only.id;
  const ids = links.map(({ id }) => id);
  const known = [...new Set([...to, ...ids])];
  const message =
    only === undefined
      ? `${quoted(primary)} is not a member${didYouMean(primary, known)} (members: ${ids.join(', ')})`
      : `${quoted(primary)} has several members: ${ids.join(', ')}`;
  problems.add(joinPath(path, ['primary']), message, 'name a switch of one member, or its link');
  return null;
}

/** A host has its addresses on its bond, so that another link of it would have none. */
export function checkAlone({ wiring, problems }: WiringContext): void {
  for (const [index, bond] of wiring.bonds.entries()) {
    const path = wiring.places.get(bond.id) ?? 'topology';
    if (wiring.bonds.findIndex(({ node }) => node === bond.node) < index) {
      problems.add(path, `'${bond.node}' has a bond already; a host has one`);
      continue;
    }
    const own = new Set(
      wiring.bonds
        .filter(({ node }) => node === bond.node)
        .flatMap(({ members }) => members.map(({ link }) => link)),
    );
    const others = wiring.links.filter(
      ({ id, a, b }) => !own.has(id) && (a.node === bond.node || b.node === bond.node),
    );
    const [other] = others;
    if (other === undefined) continue;
    const message = `'${bond.node}' has the link '${other.id}' beside its bond`;
    problems.add(path, message, `make the link a member of the bond, and remove 'on' of the host`);
  }
}

/** The same bonds with the addresses of what they ask by ARP, which nodes get after they are linked. */
export function withArpTargets(
  bonds: readonly ResolvedBond[],
  nodes: readonly ResolvedNode[],
  places: ReadonlyMap<string, string>,
  problems: Problems,
): ResolvedBond[] {
  return bonds.map((bond) => {
    if (bond.monitor.by !== 'arp') return bond;
    const path = `${places.get(bond.id) ?? 'topology'}.arp.target`;
    const targets = bond.monitor.targets.flatMap((target) => {
      const address = arpTarget(target, bond.node, nodes);
      if (address !== undefined) return [address];
      const message = `${quoted(target)} is neither a host, a router nor an address in the subnet of '${bond.node}'`;
      problems.add(path, message);
      return [];
    });
    return { ...bond, monitor: { ...bond.monitor, targets } };
  });
}

function arpTarget(
  target: string,
  host: string,
  nodes: readonly ResolvedNode[],
): string | undefined {
  const own = parseCidr(nodeWith(nodes, host, 'end-point')?.address ?? '');
  const node = nodes.find(({ name }) => name === target);
  const addresses =
    node === undefined
      ? [target]
      : has(node, 'routes')
        ? node.interfaces.map(({ address }) => address)
        : has(node, 'end-point')
          ? [node.address]
          : [];
  return addresses
    .map((address) => address.replace(/\/.*/, ''))
    .find((address) => {
      const read = parseCidr(`${address}/32`);
      return own && read && own.first < read.address && read.address < own.last;
    });
}
