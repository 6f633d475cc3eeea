/** Are VLANs where they work, and can the hosts of each flow reach each other in them? */
import { nounOf } from '../../kinds/node-tables.js';
import { segmentsOf } from '../../model/network/segments.js';
import { has } from '../../model/node-traits.js';
import type { ResolvedLink, ResolvedNode } from '../../model/resolved.js';
import type { Judged } from './judged.js';

/** Notes VLANs at nodes that have none, switches with VLANs on some links alone, and separated pairs. */
export function checkVlans(judged: Judged): void {
  const { topology } = judged.resolved;
  const links = topology.links.filter(({ vlan }) => vlan !== undefined);
  if (links.length === 0) return;
  const before = judged.problems.list.length;
  const byName = new Map(topology.nodes.map((node) => [node.name, node]));
  for (const link of links) checkEnds(link, byName, judged);
  checkWhole(judged);
  if (judged.problems.list.length === before) checkPairs(judged);
}

/** A plain switch, whose ports Open vSwitch puts into VLANs. */
const isSwitch = (node: ResolvedNode | undefined): boolean =>
  node !== undefined && has(node, 'open-vswitch') && !has(node, 'own-open-vswitch');

function checkEnds(
  { id, a, b, vlan }: ResolvedLink,
  byName: ReadonlyMap<string, ResolvedNode>,
  { places, problems }: Judged,
): void {
  const path = `${places.get(id) ?? 'topology'}.vlan`;
  const ends = [a, b].map(({ node }) => byName.get(node));
  const others = ends.filter((node) => !isSwitch(node));
  const strange = others.find((node) => node && has(node, 'forwards') && !has(node, 'routes'));
  if (strange) {
    const message = `VLANs are of plain switches, and '${strange.name}' is a ${nounOf(strange.kind)}`;
    problems.add(path, message, 'use ovsSwitch(…)');
    return;
  }
  const [other] = others;
  if (vlan?.mode === 'trunk' && other) {
    const message = `a trunk joins two switches, and '${other.name}' is a ${nounOf(other.kind)}`;
    problems.add(
      path,
      message,
      'use a number (access port), or { tagged: 10 } for a host that tags',
    );
  } else if (vlan?.mode === 'trunk' && vlan.ids.length === 0) {
    problems.add(path, 'a trunk carries at least one VLAN, got none');
  } else if (
    vlan?.mode === 'tagged' &&
    (others.length !== 1 || !other || !has(other, 'end-point'))
  ) {
    const message = `{ tagged: ${vlan.id} } is of a link between a host and a switch`;
    problems.add(
      path,
      message,
      'between switches use { trunk: [10, 20] }; a router has access ports',
    );
  } else if (others.length === 2) {
    problems.add(path, `neither '${a.node}' nor '${b.node}' is a switch`);
  }
}

/** On a port without a VLAN Open vSwitch would pass on the frames of all, which nobody means. */
function checkWhole({ resolved: { topology, controller }, places, problems }: Judged): void {
  const withVlans = new Set(
    topology.links.flatMap(({ vlan, a, b }) => (vlan ? [a.node, b.node] : [])),
  );
  for (const node of topology.nodes) {
    if (!withVlans.has(node.name) || !isSwitch(node)) continue;
    const bare = topology.links.filter(
      ({ vlan, a, b }) => !vlan && (a.node === node.name || b.node === node.name),
    );
    for (const { id } of bare) {
      const message = `'${node.name}' has VLANs, and its link '${id}' states none`;
      const hint = 'give it vlan: 10 (access port) or vlan: { trunk: [10, 20] }';
      problems.add(places.get(id) ?? 'topology', message, hint);
    }
  }
  if (controller.kind === 'none') return;
  const message = `flows of a controller decide by themselves: the VLANs of ports would not count`;
  problems.add('controller', message, 'use noController(), or remove vlan');
}

/** Hosts of one VLAN reach each other, others by a router alone. */
function checkPairs({ resolved, places, problems }: Judged): void {
  const segments = segmentsOf(resolved.topology);
  const routed = segments.some(({ ends }) => ends.some(({ routes }) => routes));
  const of = (host: string) => segments.find(({ ends }) => ends.some(({ node }) => node === host));
  for (const { id, from, to } of [...resolved.flows, ...resolved.meters]) {
    const [one, other] = [of(from), of(to)];
    if (one === other || routed) continue;
    const names = [from, to].map((host, place) => {
      const lane = (place === 0 ? one : other)?.lane;
      return lane ? `'${host}' (VLAN ${lane})` : `'${host}'`;
    });
    const message = `${names.join(' and ')} are separated: no link carries the VLAN of one to the other, and there is no router`;
    problems.add(places.get(id) ?? 'traffic', message);
  }
}
