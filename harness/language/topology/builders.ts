/**
 * Topologies that need no writing out. All return lists of parts, to be used alone or beside others.
 * Nodes are `s1, s2, …` (switches) or `r1, r2, …` (relays), hosts `h1, h2, …`, each plugged into the
 * node that comes with it.
 */
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

/**
 * Nodes in a row: s1 – s2 – s3.
 *
 * @example
 * topology: [line(3)]
 */
export function line(size: number, options: BuilderOptions = {}): TopologyPart[] {
  return build('line', nodeNames(sized('line', size, 1), options), pairsInRow, options);
}

/**
 * Nodes in a circle: s1 – s2 – … – s1. Switches in a ring need a spanning tree or a controller that
 * knows about loops.
 *
 * @example
 * topology: [ring(4)]
 */
export function ring(size: number, options: BuilderOptions = {}): TopologyPart[] {
  const names = nodeNames(sized('ring', size, 3), options);
  const [first, last] = [names[0], names.at(-1)];
  const close = (row: string[]): Pair[] => [
    ...pairsInRow(row),
    ...(first && last ? [[last, first] as Pair] : []),
  ];
  return build('ring', names, close, options);
}

/**
 * A node in the middle (the first) and others around it; hosts on those around.
 *
 * @example
 * topology: [star(4, { of: 'relays' })]
 */
export function star(around: number, options: BuilderOptions = {}): TopologyPart[] {
  const [middle = '', ...others] = nodeNames(sized('star', around, 1) + 1, options);
  const pairs = () => others.map((name): Pair => [middle, name]);
  return build('star', [middle, ...others], pairs, options, others);
}

/**
 * A tree of switches: `depth` levels below the root, `fanout` children each; hosts on the lowest.
 *
 * @example
 * topology: [tree(2, 2)]
 */
export function tree(depth: number, fanout: number, options: BuilderOptions = {}): TopologyPart[] {
  sized('tree', depth, 1);
  sized('tree', fanout, 1);
  const sizes = Array.from({ length: depth + 1 }, (_, level) => fanout ** level);
  const size = sized(
    'tree',
    sizes.reduce((sum, level) => sum + level, 0),
    2,
  );
  const names = nodeNames(size, options);
  const parent = (index: number) => names[Math.floor((index - 1) / fanout)] ?? '';
  const pairs = () => names.slice(1).map((name, index): Pair => [parent(index + 1), name]);
  return build('tree', names, pairs, options, names.slice(-(sizes.at(-1) ?? 1)));
}

/**
 * Rows and columns of nodes, each joined to its four neighbours, the edges joined around.
 *
 * @example
 * topology: [torus(3, 3, { of: 'relays' })]
 */
export function torus(rows: number, columns: number, options: BuilderOptions = {}): TopologyPart[] {
  sized('torus', rows, 3);
  sized('torus', columns, 3);
  const names = nodeNames(sized('torus', rows * columns, 9), options);
  const at = (row: number, column: number) =>
    names[(row % rows) * columns + (column % columns)] ?? '';
  const pairs = () =>
    names.flatMap((name, index): Pair[] => {
      const [row, column] = [Math.floor(index / columns), index % columns];
      return [
        [name, at(row, column + 1)],
        [name, at(row + 1, column)],
      ];
    });
  return build('torus', names, pairs, options);
}

/**
 * Every leaf joined to every spine; hosts on the leaves. Nodes are `leaf1, …` and `spine1, …`.
 *
 * @example
 * topology: [leafSpine({ leaves: 3, spines: 2, of: 'relays' })]
 */
export function leafSpine(
  options: BuilderOptions & { leaves: number; spines: number },
): TopologyPart[] {
  const numbered = (word: string, size: number) =>
    Array.from({ length: sized('leafSpine', size, 1) }, (_, index) => `${word}${index + 1}`);
  const leaves = numbered('leaf', options.leaves);
  const spines = numbered('spine', options.spines);
  const pairs = () => leaves.flatMap((leaf) => spines.map((spine): Pair => [leaf, spine]));
  return build('leafSpine', [...leaves, ...spines], pairs, options, leaves);
}

/**
 * Every node joined to every other.
 *
 * @example
 * topology: [fullMesh(4, { of: 'relays', tunnel: 'vxlan' })]
 */
export function fullMesh(size: number, options: BuilderOptions = {}): TopologyPart[] {
  const names = nodeNames(sized('fullMesh', size, 2), options);
  const pairs = () =>
    names.flatMap((name, index) => names.slice(index + 1).map((other): Pair => [name, other]));
  return build('fullMesh', names, pairs, options);
}

/**
 * Two hosts, an edge node each, and relays side by side between the edges:
 *
 *     h1 – e1 – r1 – e2 – h2
 *             – r2 –
 *
 * @example
 * topology: [parallelRelays(2)]
 */
export function parallelRelays(
  size: number,
  options: Omit<BuilderOptions, 'of' | 'linkOptions'> = {},
): TopologyPart[] {
  const middle = nodeNames(sized('parallelRelays', size, 1), { of: 'relays' });
  const edges = ['e1', 'e2'];
  const pairs = () => middle.flatMap((name) => edges.map((edge): Pair => [edge, name]));
  const relayed = { ...options, of: 'relays' } as const;
  return build('parallelRelays', [...edges, ...middle], pairs, relayed, edges);
}

type Pair = [string, string];

function sized(builder: string, size: number, smallest: number): number {
  if (Number.isInteger(size) && size >= smallest && size <= largest) return size;
  throw new RangeError(
    `${builder}: sizes are whole numbers from ${smallest} to ${largest}, got ${shown(size)}`,
  );
}

const optionNames = ['of', 'hosts', 'tunnel', 'tunnelOptions', 'linkOptions', 'leaves', 'spines'];

/** Scenarios are loaded without a type check, and a misspelt option would have no effect. */
function checkOptions(builder: string, options: BuilderOptions): void {
  const refuse = (what: string) => {
    throw new RangeError(`${builder}: ${what}`);
  };
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    refuse(`options are an object such as { hosts: 2 }, got ${shown(options)}`);
  }
  const sizes = ['leaves', 'spines'];
  const known = optionNames.filter((name) => builder === 'leafSpine' || !sizes.includes(name));
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

function nodeNames(size: number, options: BuilderOptions | null): string[] {
  const letter = options?.of === 'relays' ? 'r' : 's';
  return Array.from({ length: size }, (_, index) => `${letter}${index + 1}`);
}

function pairsInRow(names: string[]): Pair[] {
  return names.slice(1).map((name, index): Pair => [names[index] ?? '', name]);
}

function build(
  builder: string,
  names: string[],
  pairsOf: (names: string[]) => Pair[],
  options: BuilderOptions,
  withHosts: string[] = names,
): TopologyPart[] {
  checkOptions(builder, options);
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
