/** Differentiated services code points by their names (RFC 2474, RFC 2597, RFC 3246, RFC 8622). */

const numbers: ReadonlyMap<string, number> = new Map([
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((selector): [string, number] => [`cs${selector}`, 8 * selector]),
  ...[1, 2, 3, 4].flatMap((forwarding) =>
    [1, 2, 3].map((drop): [string, number] => [
      `af${forwarding}${drop}`,
      8 * forwarding + 2 * drop,
    ]),
  ),
  ['ef', 46],
  ['va', 44],
  ['le', 1],
]);

export const dscpNames: readonly string[] = [...numbers.keys()];

/** `ef` → 46, in capitals as well; null for what is not a name. */
export function dscpNumber(name: string): number | null {
  return numbers.get(name.toLowerCase()) ?? null;
}

/** `46 (ef)`, or `3` where it has no name. */
export function dscpText(dscp: number): string {
  const name = dscpNames.find((one) => numbers.get(one) === dscp);
  return name === undefined ? String(dscp) : `${dscp} (${name})`;
}
