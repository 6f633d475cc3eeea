/** What all builders of topologies share: their options, and the parts of a shape. */
import { quoted, shown } from '../../model/units.js';
import {
  geneve,
  gre,
  host,
  type LinkOptions,
  link,
  ovsSwitch,
  relay,
  type TopologyPart,
  type TunnelOptions,
  vxlan,
} from './parts.js';

export interface BuilderOptions {
  /** What the nodes are: plain switches joined by links, or relays joined by tunnels. */
  of?: 'switches' | 'relays';
  /** Hosts on each node that carries hosts. Left out: 1. */
  hosts?: number;
  /** The kind of tunnel between relays. Left out: `'gre'`. */
  tunnel?: 'gre' | 'vxlan' | 'geneve';
  /** Options of every tunnel between relays. */
  tunnelOptions?: Omit<TunnelOptions, 'id'>;
  /** Options of every link between switches. */
  linkOptions?: Omit<LinkOptions, 'id'>;
}

const largest = 1000;
/** A full mesh of 200 nodes. A record has room for fewer. */
const mostJoined = 20_000;

/** Two nodes that are joined. */
export type Pair = [string, string];

/** A size that a builder was given. Throws RangeError for one that is not possible. */
export function sized(builder: string, size: number, smallest: number): number {
  if (Number.isInteger(size) && size >= smallest && size <= largest) return size;
  throw new RangeError(
    `${builder}: sizes must be whole numbers from ${smallest} to ${largest}, got ${shown(size)}`,
  );
}

const optionNames = ['of', 'hosts', 'tunnel', 'tunnelOptions', 'linkOptions'];

/** Scenarios are loaded without a type check, and a misspelt option would have no effect. */
function checkOptions(builder: string, options: BuilderOptions, own: readonly string[]): void {
  const refuse = (what: string) => {
    throw new RangeError(`${builder}: ${what}`);
  };
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    refuse(`options must be an object such as { hosts: 2 }, got ${shown(options)}`);
  }
  const known = [...optionNames, ...own];
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    refuse(`there is no option ${quoted(unknown)} (options: ${known.join(', ')})`);
  }
  const { of = 'switches' } = options;
  if (of !== 'switches' && of !== 'relays') {
    refuse(`of is 'switches' or 'relays', got ${shown(of)}`);
  }
  const idle = of === 'relays' ? ['linkOptions'] : ['tunnel', 'tunnelOptions'];
  const given = Object.entries(options).find(
    ([key, value]) => idle.includes(key) && value !== undefined,
  );
  if (given) {
    const joined =
      of === 'relays' ? 'relays are joined by tunnels' : 'switches are joined by links';
    refuse(`${given[0]} has no effect, since ${joined}`);
  }
}

/** `s1, s2, …` or `r1, r2, …`. */
export function nodeNames(size: number, options: BuilderOptions | null): string[] {
  const letter = options?.of === 'relays' ? 'r' : 's';
  return Array.from({ length: size }, (_, index) => `${letter}${index + 1}`);
}

/**
 * The parts of a shape.
 *
 * @param withHosts Nodes that carry hosts.
 * @param own Names of options that this builder alone has.
 */
export function build(
  builder: string,
  names: string[],
  pairsOf: (names: string[]) => Pair[],
  options: BuilderOptions,
  withHosts: string[] = names,
  own: readonly string[] = [],
): TopologyPart[] {
  checkOptions(builder, options, own);
  const { of = 'switches', hosts = 1, tunnel = 'gre' } = options;
  const joins = { gre, vxlan, geneve };
  if (!Object.hasOwn(joins, tunnel)) {
    const known = Object.keys(joins).join(', ');
    throw new RangeError(`${builder}: there is no tunnel ${shown(tunnel)} (tunnels: ${known})`);
  }
  const join = joins[tunnel];
  const perNode = hosts === 0 ? 0 : sized(builder, hosts, 1);
  const nodes = names.map((name) => (of === 'relays' ? relay(name) : ovsSwitch(name)));
  const plugged = withHosts.flatMap((on, index) =>
    Array.from({ length: perNode }, (_, n) => host(`h${index * perNode + n + 1}`, { on })),
  );
  const pairs = pairsOf(names);
  if (pairs.length > mostJoined || plugged.length > mostJoined) {
    const made = `${pairs.length} links and ${plugged.length} hosts`;
    throw new RangeError(`${builder}: at most ${mostJoined} of each are possible, got ${made}`);
  }
  const joined = pairs.map(([a, b]) =>
    of === 'relays' ? join(a, b, options.tunnelOptions) : link(a, b, options.linkOptions),
  );
  return [...nodes, ...plugged, ...joined];
}
