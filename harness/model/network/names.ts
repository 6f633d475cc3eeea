/** Names of nodes and of the interfaces made from them. */
import { printable } from '../units.js';

/** Linux keeps 15 characters of an interface's name (IFNAMSIZ is 16 with the closing zero). */
export const longestInterfaceName = 15;
const longestNodeName = 10;

/** What is wrong with a node's name, or undefined. */
export function nodeNameProblem(name: string): string | undefined {
  if (name === '') return 'a name must not be empty';
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    return `'${printable(name)}' is not a name: a lowercase letter, then lowercase letters, digits and '-'`;
  }
  if (name.length > longestNodeName) {
    return (
      `'${printable(name)}' has ${name.length} characters; at most ${longestNodeName} fit, because ` +
      `'${printable(name)}-eth0' must be an interface name of at most ${longestInterfaceName}`
    );
  }
  return reservedNames.has(name) ? `'${name}' is used by the lab itself` : undefined;
}

/** The same for a node of a Mininet topology file, which may be named more freely. */
export function mininetNameProblem(name: string): string | undefined {
  if (/^[A-Za-z][\w-]*$/.test(name)) return undefined;
  return `'${printable(name)}' is not a valid name: use letters, digits, '-' and '_'`;
}

/** Interfaces and words that the lab or Open vSwitch make themselves. */
const reservedNames: ReadonlySet<string> = new Set(['lo', 'br0', 'fabric', 'root', 'all', 'local']);

/**
 * Counts ports as Mininet does: from `eth0` on hosts, from `eth1` on switches and relays. On nodes
 * of a Mininet file it counts on from the highest number there, and states the number.
 */
export class PortCounter {
  readonly #next = new Map<string, number>();

  /** `highest` is the highest stated number by node. */
  readonly #highest: ReadonlyMap<string, number>;

  constructor(highest: ReadonlyMap<string, number>) {
    this.#highest = highest;
  }

  port(node: string, isHost: boolean): { port: string; number?: number } {
    const highest = this.#highest.get(node);
    const first = highest === undefined ? (isHost ? 0 : 1) : highest + 1;
    const n = this.#next.get(node) ?? first;
    this.#next.set(node, n + 1);
    return { port: `${node}-eth${n}`, ...(highest === undefined ? {} : { number: n }) };
  }
}

const tunnelPrefixes = { gre: 'gre', vxlan: 'vx', geneve: 'gnv' } as const;

/** `gre-<peer>`, with a number when the node has that port already; at most 15 characters. */
export function tunnelPort(
  kind: keyof typeof tunnelPrefixes,
  peer: string,
  taken: ReadonlySet<string>,
): string {
  const base = `${tunnelPrefixes[kind]}-${peer}`.slice(0, longestInterfaceName);
  for (let n = 1; ; n += 1) {
    const suffix = n === 1 ? '' : `.${n}`;
    const port = `${base.slice(0, longestInterfaceName - suffix.length)}${suffix}`;
    if (!taken.has(port)) return port;
  }
}

/** `wanted`, or `wanted-2`, `wanted-3` and so on when it is taken. */
export function uniqueName(wanted: string, taken: { has(name: string): boolean }): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? wanted : `${wanted}-${n}`;
    if (!taken.has(name)) return name;
  }
}
