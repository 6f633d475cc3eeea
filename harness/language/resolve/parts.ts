/** Reads the list of parts: flattens it, checks each part's shape, sorts parts by kind. */

import { MininetNotes } from '../../model/mininet-description.js';
import { has, type NodeKind, nodeKinds } from '../../model/node-traits.js';
import { quoted, shown } from '../../model/units.js';
import { didYouMean, joinPath, listed, type Problems } from '../problems.js';
import { read } from '../schema/fields.js';
import { type PartOf, partSchema, type ReadPart } from '../schema/topology.js';
import { partsOfMininet } from './mininet.js';
import type { Placed } from './placed.js';

/** All parts that can be read, and every node name that was written, readable or not. */
export interface ReadTopology {
  parts: Array<Placed<ReadPart>>;
  /** Names of nodes, including those whose part has a problem of its own. */
  names: Set<string>;
  /** Some part could not be read: do not judge the network as a whole. */
  incomplete: boolean;
  /** What a Mininet file states and the lab does otherwise. */
  notes: MininetNotes;
}

/** Parts that a topology may list: a record has room for about 15000 links. */
const partsMax = 20_000;
/** Nodes of one lab: each takes about 10 MB of memory, and a relay 50. */
const nodesMax = 2000;

/** Flattens and reads the topology. */
export function readParts(written: unknown, problems: Problems): ReadTopology {
  const result: ReadTopology = {
    parts: [],
    names: new Set(),
    incomplete: false,
    notes: new MininetNotes(),
  };
  if (!Array.isArray(written)) {
    const got = written === undefined ? 'is missing' : `must be a list, got ${shown(written)}`;
    problems.add('topology', got, "write topology: [host('h1', …), relay('r1'), …]");
    return { ...result, incomplete: true };
  }
  const flat = flatten(written, 'topology');
  if (flat.length > partsMax) {
    problems.add('topology', `has ${flat.length} parts; at most ${partsMax} are read`);
    return { ...result, incomplete: true };
  }
  for (const { part, path } of flat) {
    const name = nameOf(part);
    if (name !== undefined) result.names.add(name);
    const known = read(partSchema, part, path, problems);
    if (known === undefined) result.incomplete = true;
    else result.parts.push({ part: known, path });
    if (known?.kind === 'mininet') addMininet(known, path, result, problems);
  }
  const { size } = result.names;
  if (size <= nodesMax) return result;
  problems.add('topology', `has ${size} nodes; a lab has at most ${nodesMax}`);
  return { ...result, parts: [], incomplete: true };
}

function addMininet(
  { description }: PartOf<'mininet'>,
  path: string,
  result: ReadTopology,
  problems: Problems,
): void {
  if (description === undefined) {
    problems.add(path, 'the Mininet file has not been read: load the scenario from its file');
    result.incomplete = true;
    return;
  }
  const hostsBefore = result.parts.filter(
    ({ part }) => (has(part, 'end-point') || has(part, 'routes')) && part.fromMininet,
  ).length;
  const before = problems.list.length;
  const { hosts, switches, links } = description;
  const nodeCount = hosts.length + switches.length;
  if (nodeCount > nodesMax || links.length > partsMax) {
    const most = `a lab has at most ${nodesMax} nodes and ${partsMax} links`;
    problems.add(
      path,
      `the Mininet file has ${nodeCount} nodes and ${links.length} links; ${most}`,
    );
    result.incomplete = true;
    return;
  }
  for (const { name } of [...hosts, ...switches]) result.names.add(name);
  const reading = { path, problems, notes: result.notes };
  result.parts.push(...partsOfMininet(description, reading, hostsBefore));
  if (problems.list.length > before) result.incomplete = true;
}

function flatten(list: readonly unknown[], path: string): Array<Placed<unknown>> {
  return list.flatMap((part, index) => {
    const at = joinPath(path, [index]);
    return Array.isArray(part) ? flatten(part, at) : [{ part, path: at }];
  });
}

function nameOf(part: unknown): string | undefined {
  if (typeof part !== 'object' || part === null || !('name' in part)) return undefined;
  return typeof part.name === 'string' ? part.name : undefined;
}

/** The parts of some kinds, in the order they were written. */
export function partsOf<Kind extends ReadPart['kind']>(
  topology: ReadTopology,
  ...kinds: Kind[]
): Array<Placed<PartOf<Kind>>> {
  const wanted = (placed: Placed<ReadPart>): placed is Placed<PartOf<Kind>> =>
    (kinds as readonly string[]).includes(placed.part.kind);
  return topology.parts.filter(wanted);
}

/** A node of any kind, as it was read. */
export type ReadNodePart = PartOf<NodeKind>;

/** All nodes, in the order they were written. */
export const nodePartsOf = (topology: ReadTopology): Array<Placed<ReadNodePart>> =>
  partsOf(topology, ...nodeKinds);

/** Notes a name that no node has, with the nearest that one has. */
export function knownNode(
  name: string,
  names: ReadonlySet<string>,
  path: string,
  problems: Problems,
): boolean {
  if (names.has(name)) return true;
  const list = [...names];
  // An empty topology is reported once, not for every name.
  if (list.length > 0) {
    const message = `there is no node ${quoted(name)}${didYouMean(name, list)}`;
    problems.add(path, `${message} (nodes: ${listed(list)})`);
  }
  return false;
}
