/** A map of a network, as GraphML and GML state one: nodes and edges with fields. */
import { formatBitrate, printable, quoted } from '../../model/units.js';
import { linksMax, nodesMax, refused, type SourceFile } from './imported.js';

interface MapElement {
  /** 1-based. */
  line: number;
  /** As the file states them, by name. */
  fields: ReadonlyMap<string, string>;
}

export interface MapNode extends MapElement {
  id: string;
}

export interface MapEdge extends MapElement {
  source: string;
  target: string;
}

export interface MapFile {
  title: string | undefined;
  directed: boolean;
  nodes: MapNode[];
  edges: MapEdge[];
  /** Elements that are neither, by name. */
  strangers: string[];
}

/** Names of fields in small letters, by what they mean. */
const known = {
  label: ['label', 'name'],
  latitude: ['latitude', 'lat'],
  longitude: ['longitude', 'long', 'lon', 'lng'],
  speed: ['linkspeedraw'],
  speedInWords: ['linklabel', 'linktype', 'linkspeed', 'linkspeedunits', 'linknote'],
} as const;

export type MapField = keyof typeof known;

/** The first of its fields that means this. */
export function fieldOf({ fields }: MapElement, meaning: MapField): string | undefined {
  for (const name of known[meaning]) {
    for (const [key, value] of fields) if (key.toLowerCase() === name) return value;
  }
  return undefined;
}

/** Fields of which nothing is taken. */
export function idleFields({ fields }: MapElement): string[] {
  const names: string[] = Object.values(known).flat();
  return [...fields.keys()].filter((key) => !names.includes(key.toLowerCase()));
}

/** What people see of a node; `0` beside a name is the number of the node. */
export function labelOf(node: MapNode): string {
  const label = fieldOf(node, 'label') ?? node.id;
  if (!/^\d*$/.test(label.trim())) return label.trim();
  const named = [...node.fields].find(([key]) => key.toLowerCase() === 'name')?.[1];
  return (named ?? label).trim() || node.id;
}

/** Degrees, or null where the node has no place. Throws for what is not on the earth. */
export function placeOf(node: MapNode, file: SourceFile): { lat: number; lon: number } | null {
  const lat = degrees(node, 'latitude', 90, file);
  const lon = degrees(node, 'longitude', 180, file);
  return lat === null || lon === null ? null : { lat, lon };
}

function degrees(
  node: MapNode,
  field: 'latitude' | 'longitude',
  most: number,
  file: SourceFile,
): number | null {
  const text = fieldOf(node, field)?.trim();
  if (text === undefined || text === '' || /^nan$/i.test(text)) return null;
  const value = Number(text);
  if (Math.abs(value) <= most) return value;
  const message = `the ${field} of ${quoted(labelOf(node))} is ${quoted(text)}; degrees from -${most} to ${most} are expected`;
  throw refused(
    file,
    node.line,
    message,
    'correct it, or remove the field: its links then have no delay',
  );
}

/** Bits per second, or null where the edge states none in numbers. */
export function speedOf(edge: MapEdge, file: SourceFile): number | null {
  const text = fieldOf(edge, 'speed')?.trim();
  if (text === undefined || text === '') return null;
  const value = Number(text);
  if (value > 0 && value < Number.POSITIVE_INFINITY) return value;
  const message = `LinkSpeedRaw is ${quoted(text)}; bits per second above 0 are expected`;
  throw refused(
    file,
    edge.line,
    message,
    `such as 1000000000 (${formatBitrate(1e9)}), or remove the field`,
  );
}

/** Throws for a map that is no network. */
export function checkMap(map: MapFile, file: SourceFile): void {
  const byId = new Map<string, MapNode>();
  for (const node of map.nodes) {
    const first = byId.get(node.id);
    if (first) {
      const message = `the id ${quoted(node.id)} is already that of the node in line ${first.line}`;
      throw refused(file, node.line, message, 'give every node an id of its own');
    }
    byId.set(node.id, node);
  }
  for (const edge of map.edges) {
    for (const end of ['source', 'target'] as const) {
      if (byId.has(edge[end])) continue;
      const ids = [...byId.keys()].slice(0, 6).map((id) => printable(id, 20));
      const message = `the ${end} of this edge, ${quoted(edge[end])}, is not the id of a node (ids: ${ids.join(', ')}${byId.size > 6 ? ', …' : ''})`;
      throw refused(file, edge.line, message, 'correct the id, or add the node');
    }
  }
  checkCounts(map, file);
}

function checkCounts({ nodes, edges }: MapFile, file: SourceFile): void {
  if (nodes.length < 2) {
    const message = `the map has ${nodes.length === 1 ? 'one node' : 'no nodes'}; a network has two or more`;
    throw refused(file, null, message, 'check that the file is whole');
  }
  if (edges.length === 0) {
    throw refused(
      file,
      null,
      'the map has no edges; nothing joins its nodes',
      'check that the file is whole',
    );
  }
  for (const [what, count, most] of [
    ['nodes', nodes.length, nodesMax],
    ['edges', edges.length, linksMax],
  ] as const) {
    if (count <= most) continue;
    const message = `the map has ${count} ${what}; at most ${most} are imported`;
    throw refused(file, null, message, 'import a part of it, such as its backbone');
  }
}
