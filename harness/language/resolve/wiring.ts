/** What links, tunnels and bonds are bound into, and the ids that they have. */
import type { PortCounter } from '../../model/network/names.js';
import { uniqueName } from '../../model/network/names.js';
import type {
  ResolvedBond,
  ResolvedLink,
  ResolvedNode,
  ResolvedTunnel,
} from '../../model/resolved.js';
import { quoted } from '../../model/units.js';
import { joinPath, type Problems } from '../problems.js';
import type { PartOf } from '../schema/topology.js';
import type { ReadTopology } from './parts.js';

/** A link as it was read, or as another part makes it. */
export type LinkPart = PartOf<'link'>;

/** Links, tunnels and bonds, and where each was written. */
export interface Wiring {
  links: ResolvedLink[];
  tunnels: ResolvedTunnel[];
  bonds: ResolvedBond[];
  /** Path in the scenario by id of link, tunnel or bond. */
  places: Map<string, string>;
}

/** What all links of a topology are bound with. */
export interface WiringContext {
  wiring: Wiring;
  byName: ReadonlyMap<string, ResolvedNode>;
  ports: PortCounter;
  /** Tunnel ports of each node so far. */
  tunnelPorts: Map<string, Set<string>>;
  topology: ReadTopology;
  problems: Problems;
}

/** The id of a link, tunnel or bond, which nothing else has. */
export function claimId(
  context: WiringContext,
  wanted: string | undefined,
  fallback: string,
  path: string,
) {
  const { wiring, problems, topology } = context;
  const id = wanted ?? uniqueName(fallback, wiring.places);
  const at = joinPath(path, ['id']);
  if (wanted !== undefined && !/^[a-zA-Z][\w.-]{0,39}$/.test(wanted)) {
    problems.add(at, `${quoted(wanted)} is not an id: letters, digits, '-', '.' and '_'`);
  }
  if (wiring.places.has(id))
    problems.add(at, `the id '${id}' is taken by ${wiring.places.get(id)}`);
  if (topology.names.has(id)) problems.add(at, `the id '${id}' is the name of a node`);
  wiring.places.set(id, path);
  return id;
}
