/** Values that nobody expects, and good documents with one of them in a random place. */
import fc from 'fast-check';

const deep = (levels: number): unknown => {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

/** What JSON can carry and a careless reader trips over. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, '', '\0', '__proto__', 'constructor', '../../etc/passwd', '$(reboot)'],
    ...[-1, 0.5, 1e308, -1e308, 5e-324, Number.MAX_SAFE_INTEGER + 1],
    ...[[], {}, [[]], [null], { toString: 1 }, { length: -1 }],
  ),
  fc.constantFrom(30, 70, 400).map(deep),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer({ min: 1, max: 20_000 }).map((length) => 'x'.repeat(length)),
  fc.jsonValue({ maxDepth: 4 }),
);

type Change = { place: number; how: 'replace' | 'remove' | 'double'; value: unknown };

export const hostileChange: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(),
  how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'double'),
  value: hostileValue,
});

/** A copy of a document with one place of it changed: replaced, removed or doubled. */
export function changed(document: unknown, { place, how, value }: Change): unknown {
  const copy: unknown = structuredClone(document);
  const places: Array<{ holder: Record<string, unknown> | unknown[]; key: string }> = [];
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, child] of Object.entries(node)) {
      places.push({ holder: node as Record<string, unknown>, key });
      walk(child);
    }
  };
  walk(copy);
  const chosen = places[place % Math.max(1, places.length)];
  if (!chosen) return value;
  const { holder, key } = chosen;
  if (Array.isArray(holder)) {
    const index = Number(key);
    if (how === 'remove') holder.splice(index, 1);
    else holder.splice(index, how === 'double' ? 0 : 1, how === 'double' ? holder[index] : value);
  } else if (how === 'remove') delete holder[key];
  else if (how === 'double') holder[`${key}${key}`] = holder[key];
  else Object.defineProperty(holder, key, { value, enumerable: true });
  return copy;
}

/** A text with a piece cut out and another put in its place. */
export function tornText(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(text.length), fc.nat(200), fc.string({ unit: 'binary', maxLength: 60 }))
    .map(([at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length));
}

/** How a program may print what should be a number: as it stands in its text. */
export const hostileNumber: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['18446744073709551612', '9007199254740993', '1e999', '-1e999', '1e308', '-1', '-4', '0.5'],
    ...['"17"', '"nan"', 'NaN', '-nan', 'inf', 'null', 'true', '[]', '{}', '""', '', '0x10'],
  ),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.double().map(String),
  fc.string({ maxLength: 8 }),
);

/** A text with one of its numbers replaced. */
export function withHostileNumber(text: string, place: number, number: string): string {
  const found = [...text.matchAll(/(?<=[\s:[,])-?\d+(\.\d+)?(e[+-]?\d+)?(?=[\s,}\]]|$)/g)];
  const chosen = found[place % Math.max(1, found.length)];
  if (!chosen) return text;
  return text.slice(0, chosen.index) + number + text.slice(chosen.index + chosen[0].length);
}
