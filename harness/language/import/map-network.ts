/** A map as a network: what its nodes become, and what its links do to packets. */
import { ImportNotes } from '../../model/import-note.js';
import { adjacencyOf, otherEnd } from '../../model/network/graph.js';
import { formatBitrate } from '../../model/units.js';
import { wireBounds } from '../schema/topology.js';
import type {
  ImportedLink,
  ImportedNetwork,
  ImportedNode,
  ImportOptions,
  SourceFile,
} from './imported.js';
import {
  fieldOf,
  idleFields,
  labelOf,
  type MapEdge,
  type MapFile,
  placeOf,
  speedOf,
} from './map-file.js';
import { type MapWire, mapRoles } from './map-roles.js';
import { NodeNames } from './node-names.js';

/** Light in glass. */
const kilometresPerMs = 200;
const earthRadiusKm = 6371;

type Place = { lat: number; lon: number };

/** Kilometres on the great circle. */
export function distanceKm(one: Place, other: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (a: number, b: number) => Math.sin(radians(b - a) / 2) ** 2;
  const across = Math.cos(radians(one.lat)) * Math.cos(radians(other.lat));
  const chord = half(one.lat, other.lat) + across * half(one.lon, other.lon);
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** The largest part of a map whose nodes are joined, as a network. */
export function networkOfMap(
  map: MapFile,
  file: SourceFile,
  format: string,
  { as = 'routers', delays = true }: ImportOptions,
): ImportedNetwork {
  const notes = new ImportNotes();
  for (const name of map.strangers) notes.add('element-not-read', name);
  const edges = linksOf(map, notes);
  const { nodes, left } = largestPart(map, edges);
  const labels = new Map(map.nodes.map((node) => [node.id, labelOf(node)]));
  for (const id of left) notes.add('apart', labels.get(id) ?? id);
  const role = mapRoles[as];
  const names = new NodeNames();
  const degree = adjacencyOf(edges.map(({ id, source, target }) => ({ id, a: source, b: target })));
  // A host may come with it.
  const nameOf = new Map(
    nodes.map((node) => [
      node.id,
      names.name(labelOf(node), (degree.get(node.id)?.length ?? 0) + 1),
    ]),
  );
  const places = new Map(nodes.map((node) => [node.id, placeOf(node, file)]));
  const context = { file, notes, delays, nameOf, places, labels };
  const links = edges
    .filter(({ source }) => nameOf.has(source))
    .map((edge): ImportedLink => {
      const [a, b] = [nameOf.get(edge.source) ?? '', nameOf.get(edge.target) ?? ''];
      const wire = wireOf(edge, `${a}-${b}`, context);
      const { delayMs } = wire;
      return { a, b, written: role.link(a, b, wire), ...(delayMs ? { delayMs } : {}) };
    });
  if (!delays && [...places.values()].some(Boolean)) notes.add('no-delays', 'links');
  for (const element of [...map.nodes, ...map.edges]) {
    for (const field of idleFields(element)) notes.add('fields-not-needed', field);
  }
  return {
    ...{ format, title: map.title?.trim() ?? '', links, notes: notes.list },
    nodes: nodes.map((node): ImportedNode => {
      const [name, label] = [nameOf.get(node.id) ?? '', labelOf(node)];
      const written = role.node(name);
      return { name, becomes: role.becomes, written, ...(label === name ? {} : { label }) };
    }),
    ...role.network,
  };
}

interface NumberedEdge extends MapEdge {
  id: string;
}

/** One for each link: two that point against each other, of a directed map, are the same one. */
function linksOf({ edges, directed }: MapFile, notes: ImportNotes): NumberedEdge[] {
  const links: NumberedEdge[] = [];
  const unpaired = new Map<string, number>();
  for (const [index, edge] of edges.entries()) {
    const { source, target } = edge;
    if (source === target) {
      notes.add('link-to-itself', source);
      continue;
    }
    const back = `${target}\n${source}`;
    const waiting = unpaired.get(back) ?? 0;
    if (directed && waiting > 0) {
      unpaired.set(back, waiting - 1);
      notes.add('both-directions', `${target}-${source}`);
      continue;
    }
    const own = `${source}\n${target}`;
    unpaired.set(own, (unpaired.get(own) ?? 0) + 1);
    links.push({ ...edge, id: String(index) });
  }
  return links;
}

/** Of nodes that reach each other. */
function largestPart({ nodes }: MapFile, edges: readonly NumberedEdge[]) {
  const adjacency = adjacencyOf(
    edges.map(({ id, source, target }) => ({ id, a: source, b: target })),
  );
  const seen = new Set<string>();
  let largest = new Set<string>();
  for (const { id } of nodes) {
    if (seen.has(id)) continue;
    const part = new Set([id]);
    for (const one of part) {
      for (const edge of adjacency.get(one) ?? []) part.add(otherEnd(edge, one) ?? one);
    }
    for (const one of part) seen.add(one);
    if (part.size > largest.size) largest = part;
  }
  return {
    nodes: nodes.filter(({ id }) => largest.has(id)),
    left: nodes.filter(({ id }) => !largest.has(id)).map(({ id }) => id),
  };
}

interface WireContext {
  file: SourceFile;
  notes: ImportNotes;
  delays: boolean;
  places: ReadonlyMap<string, Place | null>;
  labels: ReadonlyMap<string, string>;
}

function wireOf(edge: MapEdge, name: string, context: WireContext): MapWire {
  const { file, notes, places, labels, delays } = context;
  const ends = [edge.source, edge.target];
  const [one, other] = ends.map((id) => places.get(id) ?? null);
  for (const id of ends) if (!places.get(id)) notes.add('no-coordinates', labels.get(id) ?? id);
  // A hundredth of a millisecond is two kilometres.
  const delayMs =
    one && other ? Math.round((distanceKm(one, other) / kilometresPerMs) * 100) / 100 : 0;
  const speed = speedOf(edge, file);
  const words = fieldOf(edge, 'speedInWords');
  if (speed === null && words) notes.add('speed-in-words', name, words);
  const { min, max } = wireBounds.bandwidthBps;
  if (speed !== null && speed > max) notes.add('too-fast', name, formatBitrate(speed));
  if (speed !== null && speed < min) notes.add('too-slow', name, formatBitrate(speed));
  const fits = speed !== null && speed >= min && speed < max;
  const measured = [...places.values()].every(Boolean);
  return {
    ...(delayMs > 0 && delays ? { delayMs } : {}),
    ...(measured ? { metric: Math.min(65_535, Math.max(1, Math.round(delayMs * 100))) } : {}),
    ...(fits ? { bandwidthBps: speed } : {}),
  };
}
