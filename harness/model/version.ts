/** Versions as programs print them: the leading numbers count, the rest is decoration. */

/** `3.1.0-2+deb12u1` → [3, 1, 0]; nothing readable → []. */
export function versionNumbers(version: string): number[] {
  const leading = /\d+(\.\d+)*/.exec(version)?.[0];
  return leading === undefined ? [] : leading.split('.').map(Number);
}

/** Whether `version` is `wanted` or newer; missing parts count as 0. */
export function atLeast(version: string, ...wanted: number[]): boolean {
  const numbers = versionNumbers(version);
  for (const [index, part] of wanted.entries()) {
    const own = numbers[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
