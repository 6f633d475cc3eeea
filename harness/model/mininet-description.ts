/** What `describe.py` prints of a Mininet topology file: as the file states it, nothing judged. */
import * as z from 'zod';
import { printable, quoted } from './units.js';

/** A value of Python's. `null` is None, stated; what JSON cannot carry is shown as Python shows it. */
export const pythonValue = z.union([
  z.number(),
  z.string(),
  z.boolean(),
  z.null(),
  z.object({ python: z.string() }),
]);

const element = {
  /** The class that was chosen with `cls=`, and whether it is Mininet's own. */
  cls: z.object({ name: z.string(), mininet: z.boolean() }).nullable(),
  /** Everything else that is stated, by the parameter's name. */
  options: z.record(z.string(), pythonValue),
};
const node = z.object({
  ...element,
  name: z.string(),
  /** What `config` does of a class that the file itself defines; it was called, and nothing was run. */
  own: z
    .object({
      /** The class of Mininet's own that it is derived from. */
      base: z.string(),
      commands: z.array(z.string()),
      /** By `setIP`; an interface that is not named is the first. */
      addresses: z.array(z.object({ interface: z.string().nullable(), address: z.string() })),
    })
    .optional(),
});

export const mininetDescription = z.object({
  /** In the order in which Mininet makes them, which decides automatic addresses. */
  hosts: z.array(node),
  switches: z.array(node),
  links: z.array(
    z.object({
      ...element,
      a: z.string(),
      b: z.string(),
      /** Port numbers, stated or as Mininet counts them. */
      ports: z.tuple([pythonValue, pythonValue]),
      /** `params1` and `params2`, as far as they are dictionaries. */
      params: z.tuple([z.record(z.string(), pythonValue), z.record(z.string(), pythonValue)]),
    }),
  ),
  /** Names that were added more than once, with the kind each time. */
  twice: z.array(z.object({ name: z.string(), kinds: z.array(z.string()) })),
  /** Hosts that nothing but a link mentions. */
  byLinkAlone: z.array(z.string()),
  /** Links that another with the same ends and `key=` replaced. */
  replaced: z.array(z.string()),
  /** Dictionaries of the file from which `mn` chooses by its options. */
  choices: z.array(z.string()),
});

export type PythonValue = z.output<typeof pythonValue>;
export type MininetDescription = z.output<typeof mininetDescription>;
export type MininetNode = MininetDescription['hosts'][number];
export type MininetLink = MininetDescription['links'][number];

/** What the lab does otherwise than `mn --custom`, as data; `reports/` has the sentences. */
export const mininetNote = z.object({
  code: z.enum([
    /** A parameter of Mininet's that the lab does not apply. */
    'not-applied',
    /** A parameter that Mininet does not read either. */
    'unknown-parameter',
    /** Another class is built: `value` instead of `setting`. */
    'stand-in',
    /** bw, delay, loss … without TCLink: `mn` applies them with `--link tc` alone. */
    'shaped-without-tclink',
    /** A delay without a unit is in microseconds. */
    'delay-without-unit',
    /** What `config` of the host's own class would run. */
    'command-not-run',
    /** `params1` or `params2` give the first interface an address, which the host's own replaces. */
    'address-replaced',
    /** An interface of a router for which the file has no address. */
    'port-without-address',
    /** Untagged, on switches where others tag: the lab's switches have them in VLAN `value`. */
    'untagged',
    /** `ip=None`: the host gets `value`. */
    'address-given',
    /** The datapath id in `setting` cannot be used: the switch gets `value`. */
    'dpid-replaced',
    /** There is no number in the name, and no dpid: the switch gets `value`. */
    'dpid-given',
    /** `stp=True` gives way to the spanning tree that the scenario's controller states, `value`. */
    'spanning-tree-of-scenario',
    /** `stp=True` on a switch whose fail mode is secure. */
    'stp-needs-standalone',
    /** A name that only a link mentions is a host. */
    'host-by-link',
    /** A link with the same key took this one's place. */
    'link-replaced',
    /** A dictionary of choices for `mn`'s options. */
    'choices-not-read',
  ]),
  /** Nodes, links as `a-b`, or parts of the file. */
  names: z.array(z.string()),
  /** As the file states it, such as `cpu=0.5`. */
  setting: z.string().optional(),
  value: z.string().optional(),
});

export type MininetNote = z.output<typeof mininetNote>;

/** Collects notes; elements with the same one share it. */
export class MininetNotes {
  readonly list: MininetNote[] = [];

  add(code: MininetNote['code'], name: string, setting?: string, value?: string): void {
    const same = this.list.find(
      (note) => note.code === code && note.setting === setting && note.value === value,
    );
    if (same) same.names.push(name);
    else {
      this.list.push({
        code,
        names: [name],
        ...(setting === undefined ? {} : { setting }),
        ...(value === undefined ? {} : { value }),
      });
    }
  }
}

/** A value as Python writes it, safe to print. */
export function asPython(value: PythonValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'object') return printable(value.python, 80);
  return typeof value === 'string' ? quoted(value) : String(value);
}
