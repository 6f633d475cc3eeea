/** VLANs of a Mininet file, where its hosts tag by themselves and its switches know of none. */
import type { MininetDescription } from '../../model/mininet-description.js';
import { vlanBounds } from '../../model/resolved/vlan.js';
import type { PartOf } from '../schema/topology.js';
import { type MininetReading, refuseValue } from './mininet-options.js';
import { ownOf, portsOf } from './mininet-own.js';

type Link = PartOf<'link'>;

/**
 * The links with the VLANs that keep hosts apart as their tags do: a tagging host's port has its VLAN,
 * links between switches carry all, and what is untagged is in a VLAN that no host tags.
 */
export function withVlans(
  { hosts, switches, links }: MininetDescription,
  parts: readonly Link[],
  reading: MininetReading,
): Link[] {
  const tags = new Map<string, number>();
  for (const host of hosts) {
    const [tag] = ownOf(host, portsOf(host.name, links)).tags;
    if (tag === undefined) continue;
    const fits = tag.id >= vlanBounds.min && tag.id <= vlanBounds.max;
    if (fits) tags.set(`${host.name} ${tag.interface}`, tag.id);
    else {
      const allowed = `a VLAN from ${vlanBounds.min} to ${vlanBounds.max} is expected`;
      refuseValue(reading, `the host '${host.name}'`, `vlan=${tag.id}`, allowed);
    }
  }
  if (tags.size === 0) return [...parts];
  const ids = [...new Set(tags.values())].sort((one, other) => one - other);
  const native = freeVlan(ids);
  const switching = new Set(switches.map(({ name }) => name));
  return parts.map((part): Link => {
    const outside = [part.a, part.b].flatMap((node, side) =>
      switching.has(node) ? [] : [{ node, port: part.ports?.[side] }],
    );
    if (outside.length === 2) return part;
    const [end] = outside;
    if (end === undefined) return { ...part, vlan: { mode: 'trunk', ids, native } };
    const id = tags.get(`${end.node} ${end.port}`);
    if (id !== undefined) return { ...part, vlan: { mode: 'tagged', id } };
    reading.notes.add('untagged', end.node, undefined, String(native));
    return { ...part, vlan: { mode: 'access', id: native } };
  });
}

/** The lowest that no host tags. */
function freeVlan(taken: readonly number[]): number {
  let id: number = vlanBounds.min;
  while (taken.includes(id)) id += 1;
  return id;
}
