/** Links of a Mininet file, with Mininet's port numbers, held to the bounds of written links. */

import { asPython, type MininetLink, type PythonValue } from '../../model/mininet-description.js';
import { longestInterfaceName } from '../../model/network/names.js';
import { quoted } from '../../model/units.js';
import { parseTcDelay } from '../import/mininet-file.js';
import { type PartOf, partSchema, wireBounds } from '../schema/topology.js';
import { checkOptions, linkKind, type MininetReading, refuseValue } from './mininet-options.js';

type Link = PartOf<'link'>;

const { bandwidthBps, delayMs, queuePackets } = wireBounds;
const delays = `a time from 0 to ${delayMs.max / 1000} s as tc takes it, such as '5ms', is expected`;

/** Mininet's parameters: what each is called in a written link, its text there, and its bounds. */
const fields = {
  bw: {
    written: 'bandwidth',
    text: (value: PythonValue) => (typeof value === 'number' ? `${value}Mbit/s` : undefined),
    allowed: `a number of Mbit/s from ${bandwidthBps.min / 1e6} to ${bandwidthBps.max / 1e6} is expected`,
  },
  delay: { written: 'delay', text: delayText, allowed: delays },
  jitter: { written: 'jitter', text: delayText, allowed: delays },
  loss: {
    written: 'loss',
    text: (value: PythonValue) => (typeof value === 'number' ? `${value}%` : undefined),
    allowed: 'a number of percent from 0 to 100 is expected',
  },
  max_queue_size: {
    written: 'queue',
    text: (value: PythonValue) => (typeof value === 'number' ? value : undefined),
    allowed: `a whole number of packets from ${queuePackets.min} to ${queuePackets.max} is expected`,
  },
} as const;

function delayText(value: PythonValue): string | undefined {
  const plain = typeof value === 'number' || typeof value === 'string';
  const ms = plain ? parseTcDelay(String(value)) : undefined;
  return ms === undefined ? undefined : `${ms}ms`;
}

/** A link as a written one would be; what is out of bounds is refused with both its nodes. */
export function linkPart(
  link: MininetLink,
  switches: ReadonlySet<string>,
  reading: MininetReading,
): Link {
  const { a, b, options, ports } = link;
  const name = `${a}-${b}`;
  const what = `the link between ${quoted(a)} and ${quoted(b)}`;
  checkOptions(link, name, linkKind, reading);
  checkEnds(link, name, switches, reading);
  const wire: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(fields)) {
    const value = options[key] ?? null;
    if (value === null) continue;
    const text = field.text(value);
    const part = { kind: 'link', a: 'a', b: 'b', [field.written]: text };
    if (text !== undefined && partSchema.safeParse(part).success) wire[field.written] = text;
    else refuseValue(reading, what, `${key}=${asPython(value)}`, field.allowed);
  }
  noteShaping(link, name, wire, reading);
  const read = partSchema.parse({ kind: 'link', a, b, ...wire }) as Link;
  const numbers = [ports[0], ports[1]].map((port) => (typeof port === 'number' ? port : -1));
  const [first = -1, second = -1] = numbers;
  return {
    ...read,
    ports: [
      interfaceName(what, a, first, 'intfName1', options.intfName1, reading),
      interfaceName(what, b, second, 'intfName2', options.intfName2, reading),
    ],
    numbers: [first, second],
  };
}

/** What `params1` and `params2` state beside addresses of hosts, which are read with the hosts. */
function checkEnds(
  { a, b, params }: MininetLink,
  name: string,
  switches: ReadonlySet<string>,
  reading: MininetReading,
): void {
  [a, b].forEach((node, side) => {
    for (const [key, value] of Object.entries(params[side] ?? {})) {
      if (value === null || (key === 'ip' && !switches.has(node) && typeof value === 'string')) {
        continue;
      }
      const setting = `params${side + 1}={${quoted(key)}: ${asPython(value)}}`;
      if (Object.hasOwn(fields, key)) {
        const message = `the link ${quoted(name)} uses what the lab does not support: ${setting}`;
        const hint = `give the whole link ${key}=${asPython(value)}; both ends have it`;
        reading.problems.add(reading.path, message, hint);
      } else reading.notes.add('not-applied', name, setting);
    }
  });
}

function noteShaping(
  { cls, options }: MininetLink,
  name: string,
  wire: Readonly<Record<string, unknown>>,
  { notes }: MininetReading,
): void {
  for (const key of ['delay', 'jitter'] as const) {
    const value = options[key] ?? null;
    const bare = value !== null && /^[\d.]+$/.test(String(value)) && Number(value) > 0;
    if (bare && wire[key] !== undefined) {
      notes.add('delay-without-unit', name, `${key}=${asPython(value)}`);
    }
  }
  if (Object.keys(wire).length > 0 && !['TCLink', 'TCULink'].includes(cls?.name ?? '')) {
    const stated = Object.keys(fields).filter((key) => (options[key] ?? null) !== null);
    notes.add('shaped-without-tclink', name, stated.join(', '));
  }
}

function interfaceName(
  what: string,
  node: string,
  number: number,
  key: string,
  stated: PythonValue | undefined,
  reading: MininetReading,
): string {
  if (stated === undefined || stated === null || stated === '') return `${node}-eth${number}`;
  if (typeof stated === 'string' && /^[\w.-]+$/.test(stated) && !/^\.{1,2}$/.test(stated)) {
    return stated;
  }
  const allowed = `a name of up to ${longestInterfaceName} letters, digits, '-', '.' and '_' is expected`;
  refuseValue(reading, what, `${key}=${asPython(stated)}`, allowed);
  return `${node}-eth${number}`;
}

/** Open vSwitch's port numbers; Mininet leaves a switch's port 0 out of the bridge. */
const portBounds = { host: [0, 65_535], switch: [1, 65_279] } as const;

/** Refuses numbers that no port can have, and two links at one port. */
export function checkPorts(
  links: readonly MininetLink[],
  parts: readonly Link[],
  switches: ReadonlySet<string>,
  reading: MininetReading,
): void {
  const numbers = new Map<string, string>();
  const interfaces = new Map<string, string>();
  parts.forEach((part, index) => {
    const ends = [part.a, part.b] as const;
    // A link to itself is refused as such.
    if (part.a === part.b) return;
    const what = `the link between ${quoted(part.a)} and ${quoted(part.b)}`;
    ends.forEach((node, side) => {
      const key = `port${side + 1}`;
      const stated = links[index]?.ports[side] ?? null;
      const number = part.numbers?.[side] ?? -1;
      const [min, max] = portBounds[switches.has(node) ? 'switch' : 'host'];
      if (!Number.isInteger(number) || number < min || number > max) {
        const allowed = `a whole number from ${min} to ${max} is expected at '${node}'`;
        refuseValue(reading, what, `${key}=${asPython(stated)}`, allowed);
        return;
      }
      const first = numbers.get(`${node} ${number}`);
      if (first !== undefined) {
        const why = 'Mininet numbers the links of a node and does not skip a number that is taken';
        const allowed = `that port of '${node}' is already used by ${first}; ${why}`;
        refuseValue(reading, what, `${key}=${number}`, allowed);
      }
      numbers.set(`${node} ${number}`, what);
      // The interfaces of all switches are in one network namespace.
      const place = `${switches.has(node) ? '' : node} ${part.ports?.[side]}`;
      const same = interfaces.get(place);
      if (same !== undefined && first === undefined) {
        const setting = `intfName${side + 1}=${part.ports?.[side]}`;
        refuseValue(reading, what, setting, `${same} already has an interface of that name`);
      }
      interfaces.set(place, what);
    });
  });
}
