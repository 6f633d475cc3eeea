/**
 * What the door exports, where a scenario has it as a value: a function whose call was meant, an
 * expectation without a bound, an event in the wrong place. And names that the door does not have.
 */
import { printable } from '../model/units.js';
import { nearNames } from './problems.js';

type Door = Readonly<Record<string, unknown>>;

/** What is wrong with each value of the door that stands in a scenario. */
export type DoorValues = ReadonlyMap<unknown, string>;

export function doorValues(door: Door): DoorValues {
  const values = new Map<unknown, string>();
  for (const [name, value] of Object.entries(door)) {
    const methods = methodsOf(value);
    if (typeof value === 'function') {
      values.set(value, `is the function ${name} itself; write its call: ${name}(…)`);
    } else if (isEvent(value)) {
      values.set(
        value,
        `is the event ${name}; an event is the first argument of after(${name}, …)`,
      );
    } else if (methods.length > 0) {
      values.set(value, `is ${name} without a bound; write ${calls(name, methods)}`);
    } else continue;
    for (const method of isEvent(value) ? [] : methods) {
      const member = (value as Door)[method];
      values.set(member, `is ${name}.${method} itself; write its call: ${name}.${method}(…)`);
    }
  }
  return values;
}

/**
 * What was meant, of the message `x.y is not a function` or `x is not a function`; undefined where
 * the door has nothing of that name.
 */
export function misusedDoor(message: string, door: Door): string | undefined {
  const [, called] = /^(?:\(0 ?, ?)?([\w.]+)\)? is not a function/.exec(message) ?? [];
  if (called === undefined) return undefined;
  const path = called.split('.');
  const at = path.findIndex((name) => Object.hasOwn(door, name));
  const [name = '', method] = at < 0 ? path.slice(-1) : path.slice(at);
  const value = door[name];
  if (value === undefined) {
    return path.length === 1
      ? undefined
      : `failover-lab has no '${name}'${nearNames(name, functionsOf(door))}`;
  }
  const methods = methodsOf(value);
  if (method === undefined) {
    return isEvent(value)
      ? `${name} is an event, not a function; write ${name} or ${name}.from('name of a fault')`
      : `${name} is not a function; write ${calls(name, methods)}`;
  }
  if (methods.length === 0) return `${name} is a function and has no '${printable(method)}'`;
  const known = `write ${calls(name, methods)}`;
  return `${name} has no '${printable(method)}'${nearNames(method, methods)} (${known})`;
}

/** Names that begin with a small letter: what else the door has are types. */
export function functionsOf(door: Door): string[] {
  return Object.keys(door).filter((known) => /^[a-z]/.test(known));
}

function isEvent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'event' in value;
}

function methodsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    typeof member === 'function' ? [key] : [],
  );
}

/** `a.atMost(…), a.atLeast(…) or a.none()`. */
function calls(name: string, methods: readonly string[]): string {
  const written = methods.map((method) => `${name}.${method}(${method === 'none' ? '' : '…'})`);
  const last = written.at(-1) ?? '';
  return written.length < 2 ? last : `${written.slice(0, -1).join(', ')} or ${last}`;
}
