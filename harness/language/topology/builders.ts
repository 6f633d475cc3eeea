/**
 * Topologies that need no writing out. All return lists of parts, to be used alone or beside others.
 * Nodes are `s1, s2, …` (switches) or `r1, r2, …` (relays), hosts `h1, h2, …`, each plugged into the
 * node that comes with it.
 */
import type { TopologyPart } from './parts.js';
import { type BuilderOptions, build, nodeNames, type Pair, sized } from './shape.js';

export type { BuilderOptions } from './shape.js';

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
  const own = ['leaves', 'spines'];
  return build('leafSpine', [...leaves, ...spines], pairs, options, leaves, own);
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

function pairsInRow(names: string[]): Pair[] {
  return names.slice(1).map((name, index): Pair => [names[index] ?? '', name]);
}
