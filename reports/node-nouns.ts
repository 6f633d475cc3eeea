/** What reports call nodes, by their kinds. Pure. */
import { nodeNouns } from '../harness/kinds/generated/node-names.js';

/**
 * The noun of all these nodes, such as `relay`; `node` where they are of several kinds, or of one
 * that this version has not.
 */
export function nounOfAll(
  kinds: Readonly<Record<string, string>>,
  names: readonly string[],
): string {
  const [kind, ...others] = new Set(names.map((name) => kinds[name]));
  const known = Object.entries(nodeNouns).find(([one]) => one === kind);
  return known === undefined || others.length > 0 ? 'node' : known[1][0];
}

/** With a capital letter, at the start of a column or line. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
