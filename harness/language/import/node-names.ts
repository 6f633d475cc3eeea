/** Names for nodes whose files allow more than interfaces do. */
import { longestInterfaceName, nodeNameProblem } from '../../model/network/names.js';

/** Letters that the decomposition of Unicode leaves as they are. */
const letters: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ð: 'd', þ: 'th', đ: 'd', ł: 'l', ı: 'i' },
};

/** `Zürich HB` is `zurichhb`. Empty where nothing of it can be in a name. */
function bareName(label: string): string {
  const bare = label
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\P{ASCII}/gu, (letter) => letters[letter] ?? '')
    .replaceAll(/[^a-z0-9]/g, '');
  return /^[0-9]/.test(bare) ? `n${bare}` : bare;
}

/** `r1` or `leaf-1`, which need no change, except that capitals become small. */
const nearlyName = /^[A-Za-z][A-Za-z0-9-]*$/;

/**
 * A name for each label, in order: short enough for the interfaces of a node with so many links, and
 * no other's.
 */
export class NodeNames {
  readonly #taken = new Set<string>();

  /** @param links Of the node. */
  name(label: string, links: number): string {
    // `-eth` and the highest number follow it.
    const longest = Math.min(10, longestInterfaceName - 4 - String(Math.max(links, 1)).length);
    const kept = label.toLowerCase();
    const wanted =
      nearlyName.test(label) && kept.length <= longest ? kept : bareName(label).slice(0, longest);
    const stem = wanted === '' ? 'n' : wanted;
    for (let number = 1; ; number += 1) {
      const ending = number === 1 && wanted !== '' ? '' : String(number);
      const name = `${stem.slice(0, longest - ending.length)}${ending}`;
      if (this.#taken.has(name) || nodeNameProblem(name) !== undefined) continue;
      this.#taken.add(name);
      return name;
    }
  }
}
