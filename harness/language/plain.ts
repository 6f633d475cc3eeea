/** What a scenario file exports as plain data: read once, so that nothing surprises later. */
import { messageOf } from '../errors.js';
import { quoted } from '../model/units.js';
import type { DoorValues } from './door-values.js';
import { joinPath, type Problem } from './problems.js';

/** Lists within lists, and objects within objects. */
const depthMax = 32;
/** A full mesh of 100 nodes takes a tenth of it. */
const valuesMax = 500_000;

/** A copy, or the first thing that no copy can be made of. */
export type PlainCopy = { value: unknown } | { problem: Problem };

/**
 * A deep copy of lists and plain objects. A getter is read here, once; a hole in a list becomes
 * undefined. Texts, numbers, functions and so on stay as they are, for validation to judge.
 * @param refused Values that are of no use in a scenario, and why.
 */
export function plainCopy(written: unknown, refused: DoorValues = new Map()): PlainCopy {
  try {
    return { value: new Copier(refused).copy(written, []) };
  } catch (thrown) {
    if (thrown instanceof NotPlain) return { problem: thrown.problem };
    throw thrown;
  }
}

class NotPlain extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

class Copier {
  /** The values that lead to the one that is copied. */
  readonly #open = new Set<object>();
  #values = 0;

  constructor(readonly refused: DoorValues) {}

  copy(value: unknown, keys: PropertyKey[]): unknown {
    this.#values += 1;
    if (this.#values > valuesMax) {
      refuse([], `has more than ${valuesMax} values`, 'make the network smaller');
    }
    const wrong = this.refused.get(value);
    if (wrong !== undefined) throw new NotPlain({ path: joinPath('', keys), message: wrong });
    if (typeof value !== 'object' || value === null) return value;
    if (this.#open.has(value)) {
      refuse(keys, 'contains itself', 'write each part once, where it belongs');
    }
    if (keys.length >= depthMax) {
      refuse(keys.slice(0, 3), `is nested deeper than ${depthMax} levels`, 'write a flat list');
    }
    this.#open.add(value);
    const copied = this.#container(value, keys);
    this.#open.delete(value);
    return copied;
  }

  #container(value: object, keys: PropertyKey[]): unknown {
    if (reading(keys, () => Array.isArray(value))) {
      const { length } = value as unknown[];
      return Array.from({ length }, (_, index) => this.#member(value, index, keys));
    }
    const prototype: unknown = reading(keys, () => Object.getPrototypeOf(value));
    if (prototype !== Object.prototype && prototype !== null) {
      const kind = reading(keys, () => value.constructor?.name) || 'an object of a class';
      refuse(keys, `must be plain data, got ${quoted(kind)}`, 'write a value, a list or { … }');
    }
    const copied = {};
    for (const key of reading(keys, () => Object.keys(value))) {
      const member = this.#member(value, key, keys);
      // Assigned, `__proto__` would not become a member.
      Object.defineProperty(copied, key, { value: member, enumerable: true, writable: true });
    }
    return copied;
  }

  #member(value: object, key: PropertyKey, keys: PropertyKey[]): unknown {
    const at = [...keys, key];
    return this.copy(
      reading(at, () => (value as Record<PropertyKey, unknown>)[key]),
      at,
    );
  }
}

/** What a getter or a proxy of the file's throws belongs to its place. */
function reading<Value>(keys: PropertyKey[], read: () => Value): Value {
  try {
    return read();
  } catch (thrown) {
    return refuse(keys, `cannot be read: ${quoted(messageOf(thrown))}`, 'write the value itself');
  }
}

function refuse(keys: PropertyKey[], message: string, hint: string): never {
  throw new NotPlain({ path: joinPath('', keys), message, hint });
}
