/** A described Mininet file as parts, under the names and ports that Mininet gives them. */

import { type MininetDescription, notBuilt, parseTcDelay } from '../mininet-file.js';
import { joinPath, type Problems } from '../problems.js';
import type { PartOf } from '../schema/topology.js';

type Node = PartOf<'host' | 'switch'>;
type Link = PartOf<'link'>;

/** Hosts and switches first, then links, all in Mininet's order. */
export function partsOfMininet(
  description: MininetDescription,
  path: string,
  problems: Problems,
): Array<Node | Link> {
  const check = (what: string, { name, unknown }: { name: string; unknown: string[] }) => {
    if (unknown.length > 0) problems.add(path, notBuilt(what, name, unknown));
  };
  for (const host of description.hosts) check('host', host);
  for (const one of description.switches) check('switch', one);
  for (const link of description.links) check('link', link);
  return [
    ...description.hosts.map(
      ({ name, options }): Node => ({
        kind: 'host',
        name,
        ...given('address', options.ip),
        ...given('mac', options.mac),
        fromMininet: true,
      }),
    ),
    ...description.switches.map(
      ({ name, dpid, options }): Node => ({
        kind: 'switch',
        name,
        ...given('dpid', dpid ?? undefined),
        ...(options.stp === 'True' ? { spanningTree: 'stp' as const } : {}),
        fromMininet: true,
      }),
    ),
    ...description.links.map((link) => linkOf(link, path, problems)),
  ];
}

function given<Key extends string>(key: Key, value: string | undefined) {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, string>);
}

function linkOf(
  { a, b, name, ports, options }: MininetDescription['links'][number],
  path: string,
  problems: Problems,
): Link {
  const read = (key: string, parse: (text: string) => number | undefined) => {
    const text = options[key];
    if (text === undefined) return undefined;
    const value = parse(text);
    const at = joinPath(path, [name, key]);
    if (value === undefined || Number.isNaN(value)) problems.add(at, `cannot read '${text}'`);
    return value;
  };
  const bandwidthMbps = read('bw', Number);
  if (bandwidthMbps !== undefined && bandwidthMbps > 1000) {
    const message = `Mininet ignores bandwidths above 1000 Mbit/s, here ${bandwidthMbps}`;
    problems.add(joinPath(path, [name, 'bw']), message);
  }
  return {
    kind: 'link',
    a,
    b,
    ports,
    bandwidth: bandwidthMbps === undefined ? undefined : bandwidthMbps * 1e6,
    delay: read('delay', parseTcDelay),
    jitter: read('jitter', parseTcDelay),
    loss: read('loss', Number),
    queue: read('max_queue_size', Number),
  };
}
