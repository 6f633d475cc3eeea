/**
 * Segments: what a frame reaches without a router. Links that meet in a switch, bridge or relay are
 * one segment, or one for each VLAN that they carry; hosts and routers are its ends. Pure.
 */

import { has } from '../node-traits.js';
import type { ResolvedTopology } from '../resolved.js';
import { lanesOf } from './lanes.js';

/** An interface at the edge of a segment. */
export interface SegmentEnd {
  node: string;
  port: string;
  link: string;
  routes: boolean;
}

export interface Segment {
  links: string[];
  ends: SegmentEnd[];
  /** Its VLAN; empty where its links have none. */
  lane: string;
}

/** All segments, in the order of their first links. */
export function segmentsOf({
  nodes,
  links,
  tunnels,
  bonds = [],
}: Pick<ResolvedTopology, 'nodes' | 'links' | 'tunnels' | 'bonds'>): Segment[] {
  // The members of a bond are one interface, that of the first one's link.
  const waiting = new Set(bonds.flatMap(({ members }) => members.slice(1).map(({ port }) => port)));
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const bridges = (name: string) => {
    const node = byName.get(name);
    return node !== undefined && has(node, 'forwards') && !has(node, 'routes');
  };
  const carriers = new Set(tunnels.map(({ underlay }) => underlay));
  const joins = [...links.filter(({ id }) => !carriers.has(id)), ...tunnels].flatMap((join) =>
    lanesOf('vlan' in join ? join : {}).map((lane) => ({ ...join, lane })),
  );
  const root = new Map<string, string>();
  const rootOf = (key: string): string => {
    const above = root.get(key) ?? key;
    return above === key ? key : rootOf(above);
  };
  for (const { id, a, b, lane } of joins) {
    for (const { node } of [a, b]) {
      if (bridges(node)) root.set(rootOf(`link ${id} ${lane}`), rootOf(`node ${node} ${lane}`));
    }
  }
  const found = new Map<string, Segment>();
  for (const { id, a, b, lane } of joins) {
    const key = rootOf(`link ${id} ${lane}`);
    const segment = found.get(key) ?? { links: [], ends: [], lane };
    found.set(key, segment);
    segment.links.push(id);
    for (const { node, port } of [a, b]) {
      const known = byName.get(node);
      if (known === undefined || bridges(node) || waiting.has(port)) continue;
      segment.ends.push({ node, port, link: id, routes: has(known, 'routes') });
    }
  }
  return [...found.values()];
}
