/** A described Mininet file as parts, under the names, numbers and addresses that Mininet gives. */

import type { MininetDescription } from '../../model/mininet-description.js';
import { longestInterfaceName } from '../../model/network/names.js';
import { has } from '../../model/node-traits.js';
import { quoted } from '../../model/units.js';
import { joinPath } from '../problems.js';
import { checkPorts, linkPart } from './mininet-links.js';
import { hostPart, type MininetPart, switchParts } from './mininet-nodes.js';
import type { MininetReading } from './mininet-options.js';
import { ownOf, portsOf } from './mininet-own.js';
import { routerPart, withFreeLoopbacks } from './mininet-routers.js';
import { withVlans } from './mininet-vlans.js';

/**
 * Hosts and switches first, then links, each with its place: `<path>.<name>`. `hostsBefore` counts
 * the hosts of files that were read before.
 */
export function partsOfMininet(
  description: MininetDescription,
  reading: MininetReading,
  hostsBefore: number,
): Array<{ part: MininetPart; path: string }> {
  const at = (name: string): MininetReading => ({
    ...reading,
    path: joinPath(reading.path, [name]),
  });
  const { switches, links } = description;
  checkNames(description, reading);
  // It is ambiguous which of two nodes is meant, so nothing more is checked.
  if (description.twice.length > 0) return [];
  const nodes = [
    ...hostParts(description, reading, hostsBefore),
    ...switchParts(switches, reading),
  ];
  const switchNames = new Set(switches.map(({ name }) => name));
  const plainLinks = links.map((link) => linkPart(link, switchNames, reading));
  const linkParts = withVlans(description, plainLinks, reading);
  checkPorts(links, linkParts, switchNames, reading);
  for (const name of description.byLinkAlone) reading.notes.add('host-by-link', name);
  for (const name of description.replaced) reading.notes.add('link-replaced', name);
  for (const name of description.choices) reading.notes.add('choices-not-read', name);
  // A host's address is at its lowest number: that link is its first, as everywhere else.
  const place = (part: (typeof linkParts)[number]) =>
    Math.max(0, ...[part.a, part.b].map((node, side) => rank(part, node, side)));
  const rank = (part: (typeof linkParts)[number], node: string, side: number) =>
    switchNames.has(node) ? 0 : (part.numbers?.[side] ?? 0);
  linkParts.sort((one, other) => place(one) - place(other));
  return [
    ...nodes.map((part) => ({ part, path: at(part.name).path })),
    ...linkParts.map((part) => ({ part, path: at(`${part.a}-${part.b}`).path })),
  ];
}

/** Hosts, and routers in the place of those that forward. */
function hostParts(
  { hosts, links }: MininetDescription,
  reading: MininetReading,
  hostsBefore: number,
): Array<Extract<MininetPart, { kind: 'host' | 'router' }>> {
  const parts = hosts.map((host, index) => {
    const number = hostsBefore + index + 1;
    const ports = portsOf(host.name, links);
    const own = ownOf(host, ports);
    return own.forwards
      ? routerPart(host, number, ports, own, reading)
      : hostPart(host, number, ports, own, reading);
  });
  const addresses = parts.flatMap((part) =>
    has(part, 'end-point') ? [part.address ?? ''] : Object.values(part.portAddresses ?? {}),
  );
  const routers = parts.filter((part) => has(part, 'routes'));
  const moved = new Map(withFreeLoopbacks(routers, addresses).map((one) => [one.name, one]));
  return parts.map((part) => moved.get(part.name) ?? part);
}

/** A graph keeps the last of two nodes with one name, and Open vSwitch has names of its own. */
function checkNames({ twice, switches }: MininetDescription, { path, problems }: MininetReading) {
  for (const { name, kinds } of twice) {
    const [first = '', ...more] = kinds;
    const others = more.filter((kind) => kind !== first);
    const both =
      others.length > 0
        ? `of a ${first} and of a ${others[0]}`
        : `of ${kinds.length} ${first}${first === 'switch' ? 'es' : 's'}`;
    const message = `the name ${quoted(name)} is that ${both}; Mininet would keep only the last one`;
    problems.add(joinPath(path, [name]), message, 'give each node a unique name');
  }
  for (const { name } of switches) {
    const at = joinPath(path, [name]);
    if (name.length > longestInterfaceName) {
      const limit = `the name of a bridge has at most ${longestInterfaceName}`;
      problems.add(at, `the switch ${quoted(name)} has ${name.length} characters; ${limit}`);
    }
    if (['lo', 'fabric0', 'control0', 'ovs-system', 'ovs-netdev'].includes(name)) {
      problems.add(
        at,
        `${quoted(name)} cannot name a switch: the lab has an interface of that name`,
      );
    }
  }
}
