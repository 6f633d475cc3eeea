/** Hosts of a class that the file itself defines: what its `config` does, in the lab's own terms. */
import type { MininetDescription, MininetNode } from '../../model/mininet-description.js';
import { quoted } from '../../model/units.js';
import { type ExecStatement, readCommands } from '../import/exec-lines.js';
import { joinPath } from '../problems.js';
import type { MininetReading } from './mininet-options.js';

/** One end of a link, as Mininet names and numbers it. */
export interface MininetPort {
  name: string;
  number: number;
  /** As `params1` or `params2` have it. */
  ip: string | undefined;
  /** `params2`. */
  key: string;
}

export interface OwnStatement extends ExecStatement {
  /** VLANs that the host tags by itself, each on the interface named. */
  tags: Array<{ interface: string; id: number }>;
}

const nothing: OwnStatement = {
  ...{ addresses: [], routes: [], forwards: false, vtysh: [], left: [], tags: [] },
};

/** What the class does; nothing of a host without one of its own. */
export function ownOf({ own }: MininetNode, ports: readonly MininetPort[]): OwnStatement {
  if (own === undefined) return nothing;
  const read = readCommands(own.commands);
  const set = own.addresses.map(({ interface: port, address }) => ({
    interface: port ?? ports[0]?.name ?? '',
    address,
  }));
  const tags: OwnStatement['tags'] = [];
  const left = [...read.left, ...read.vtysh].filter((command) => {
    const tag = tagIn(command);
    if (tag) tags.push(tag);
    return !tag && !isIdle(command);
  });
  return { ...read, addresses: [...set, ...read.addresses], left, tags };
}

/** `vconfig add h1-eth0 100`, or `ip link add link h1-eth0 name h1-eth0.100 type vlan id 100`. */
function tagIn(command: string): { interface: string; id: number } | undefined {
  const patterns = [
    /^vconfig add (\S+) (\d+)$/,
    /^ip link add link (\S+) (?:name )?\S+ type vlan id (\d+)$/,
  ];
  for (const pattern of patterns) {
    const [, port, id] = pattern.exec(command) ?? [];
    if (port !== undefined) return { interface: port, id: Number(id) };
  }
  return undefined;
}

/** The untagged interface gives its address up, and tagged ones are up: the lab does so by itself. */
const isIdle = (command: string): boolean =>
  /^(ifconfig \S+ (inet 0|0|0\.0\.0\.0|up)|modprobe 8021q)$/.test(command);

/** The interfaces of a host, the lowest number first: that is Mininet's default one. */
export function portsOf(name: string, links: MininetDescription['links']): MininetPort[] {
  return links
    .flatMap(({ a, b, ports, params, options }) =>
      [a, b].flatMap((node, side) => {
        if (node !== name) return [];
        const stated = options[`intfName${side + 1}`];
        const number = ports[side];
        const ip = params[side]?.ip;
        return [
          {
            name: typeof stated === 'string' && stated !== '' ? stated : `${node}-eth${number}`,
            number: typeof number === 'number' ? number : -1,
            ip: typeof ip === 'string' ? ip : undefined,
            key: `params${side + 1}`,
          },
        ];
      }),
    )
    .sort((one, other) => one.number - other.number);
}

/** Commands that a lab does not run, each once. */
export function noteLeft(name: string, left: readonly string[], { notes }: MininetReading): void {
  for (const command of new Set(left)) notes.add('command-not-run', name, command);
}

/** The VLAN in which a host is; a host of the lab is in one. */
export function tagOf(
  name: string,
  { tags }: OwnStatement,
  { path, problems }: MininetReading,
): number | undefined {
  const ids = [...new Set(tags.map(({ id }) => id))];
  const [id] = ids;
  if (ids.length <= 1) return id;
  const message = `the host ${quoted(name)} tags several VLANs, ${ids.join(', ')}; a host of the lab is in one`;
  problems.add(joinPath(path, ['vlan']), message, 'make a host for each VLAN');
  return id;
}
