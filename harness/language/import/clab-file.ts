/** containerlab's topology files, `*.clab.yml`: which nodes and links there are, with their lines. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { messageOf } from '../../errors.js';
import { printable, quoted } from '../../model/units.js';
import { readRegular } from '../../safe-files.js';
import { didYouMean } from '../problems.js';
import { linksMax, nodesMax, refused, type SourceFile } from './imported.js';
import type { StatedEnd, StatedLink, StatedNetwork, StatedNode } from './stated.js';
import { YamlFile } from './yaml-file.js';

const text = z.string('must be a text');
const words = z.array(text, 'must be a list of texts').nullish();
const settings = z
  .looseObject({
    kind: text.nullish(),
    image: text.nullish(),
    group: text.nullish(),
    binds: words,
    exec: words,
  })
  .nullish();
const groups = z.record(z.string(), settings, 'must be a map').nullish();
const port = z.looseObject(
  { node: text, interface: text, ipv4: text.nullish() },
  "must be 'node:interface', or have node and interface",
);
const end = z.union([z.string(), port], "must be 'node:interface', or have node and interface");
const shape = z.looseObject(
  {
    name: text.nullish(),
    topology: z.looseObject(
      {
        defaults: settings,
        kinds: groups,
        groups,
        nodes: z.record(z.string(), settings, 'must be a map of nodes by their names'),
        links: z
          .array(
            z.looseObject(
              {
                type: text.nullish(),
                endpoints: z.array(end, 'must be a list of two ends').optional(),
                mtu: z.number('must be a number').nullish(),
              },
              'must have endpoints',
            ),
            'must be a list',
          )
          .nullish(),
      },
      'must be a map with nodes and links',
    ),
  },
  'must be a map with name and topology',
);

type Shape = z.output<typeof shape>;
type Settings = NonNullable<z.output<typeof settings>>;

export function readClab(file: SourceFile): StatedNetwork {
  const yaml = new YamlFile<Shape>(file, shape);
  const { name, topology } = yaml.value;
  const names = Object.keys(topology.nodes);
  checkCounts(file, names.length, topology.links?.length ?? 0);
  const nodes = names.map((node) => clabNode(node, topology, file, yaml));
  const links: StatedLink[] = [];
  const outside: string[] = [];
  for (const [index, link] of (topology.links ?? []).entries()) {
    const path = ['topology', 'links', index];
    const ends = (link.endpoints ?? []).map((one, side) =>
      endOf(one, [...path, 'endpoints', side], yaml),
    );
    const leads = ends.find(({ node }) => outsideNames.includes(node))?.node;
    const [a, b] = ends;
    if ((link.type ?? 'veth') !== 'veth' || leads !== undefined) {
      outside.push(`${leads ?? link.type} (${ends.map(({ node }) => node).join('-') || 'link'})`);
      continue;
    }
    if (a === undefined || b === undefined || ends.length > 2) {
      const message = `this link has ${ends.length === 1 ? 'one end' : `${ends.length} ends`}; a link has two`;
      throw yaml.refusal(path, message, "write endpoints: ['r1:eth1', 'r2:eth1']");
    }
    for (const [side, { node }] of [a, b].entries()) {
      if (names.includes(node)) continue;
      const message = `there is no node ${quoted(node)}${didYouMean(node, names)} (nodes: ${names
        .slice(0, 8)
        .map((one) => printable(one, 20))
        .join(', ')}${names.length > 8 ? ', …' : ''})`;
      throw yaml.refusal(
        [...path, 'endpoints', side],
        message,
        'correct the name, or add the node',
      );
    }
    const mtu = link.mtu ?? undefined;
    links.push({ line: yaml.lineOf(path), ends: [a, b], ...(mtu === undefined ? {} : { mtu }) });
  }
  checkPorts(links, file);
  return {
    ...{ name: name ?? '', format: 'containerlab file', nodes, links, outside },
    // Containers forward, as their host does.
    severalLinksRoute: true,
  };
}

/** What containerlab has in the place of a node for a link that leaves the lab. */
const outsideNames = ['host', 'mgmt-net', 'macvlan', 'vxlan', 'vxlan-stitch', 'dummy'];

function checkCounts(file: SourceFile, nodes: number, links: number): void {
  if (nodes === 0) throw refused(file, null, 'the file has no nodes', 'add nodes under topology');
  for (const [what, count, most] of [
    ['nodes', nodes, nodesMax],
    ['links', links, linksMax],
  ] as const) {
    if (count <= most) continue;
    throw refused(file, null, `the file has ${count} ${what}; at most ${most} are imported`);
  }
}

function endOf(
  given: z.output<typeof end>,
  path: readonly PropertyKey[],
  yaml: YamlFile<Shape>,
): StatedEnd {
  if (typeof given !== 'string') {
    const { node, interface: name, ipv4 } = given;
    return { node, interface: name, ...(ipv4 ? { address: ipv4 } : {}) };
  }
  const at = given.indexOf(':');
  if (at > 0 && at < given.length - 1) {
    return { node: given.slice(0, at), interface: given.slice(at + 1) };
  }
  throw yaml.refusal(path, `${quoted(given)} is not an end of a link`, "such as 'r1:eth1'");
}

/** Two links in one port would be one. */
function checkPorts(links: readonly StatedLink[], file: SourceFile): void {
  const seen = new Map<string, number | null>();
  for (const { ends, line } of links) {
    for (const { node, interface: port } of ends) {
      const key = `${node}:${port}`;
      const first = seen.get(key);
      if (first !== undefined) {
        const message = `${quoted(key)} is already an end of the link in line ${first}`;
        throw refused(file, line, message, 'give every link an interface of its own');
      }
      seen.set(key, line);
    }
  }
}

/** Keys that are read, and those that decide nothing here. */
const read = ['kind', 'image', 'group', 'binds', 'exec'];
const described = ['labels', 'graph-hide', 'graph-icon', 'graph-posx', 'graph-posy', 'position'];

/** With what defaults, its kind and its group state. */
function clabNode(
  name: string,
  { nodes, defaults, kinds, groups }: Shape['topology'],
  file: SourceFile,
  yaml: YamlFile<Shape>,
): StatedNode {
  const own: Settings = nodes[name] ?? {};
  const group = groups?.[own.group ?? defaults?.group ?? ''];
  const kind = own.kind ?? group?.kind ?? defaults?.kind;
  const path = ['topology', 'nodes', name];
  if (!kind) {
    const message = `the node ${quoted(name)} has no kind`;
    throw yaml.refusal(path, message, 'add kind: linux, or a kind under defaults');
  }
  const layers = [defaults, kinds?.[kind], group, own].filter(
    (one) => one !== null && one !== undefined,
  );
  const image = layers.map((one) => one.image).findLast(Boolean) ?? '';
  const binds = layers.flatMap((one) => one.binds ?? []);
  return {
    ...{ name, kind, image },
    exec: layers.flatMap((one) => one.exec ?? []),
    frrFiles: frrFilesOf(binds, dirname(file.path), (bind, message) => {
      const index = own.binds?.indexOf(bind) ?? -1;
      return yaml.refusal(
        index < 0 ? path : [...path, 'binds', index],
        message,
        'correct the path, or add the file',
      );
    }),
    idle: [
      ...layers.flatMap(Object.keys).filter((key) => ![...read, ...described].includes(key)),
      ...(binds.some((bind) => !intoFrr(bind)) ? ['binds'] : []),
    ],
  };
}

const intoFrr = (bind: string): boolean => /^[^:]+:\/etc\/frr(\/|:|$)/.test(bind);

/** A configuration of all daemons, or one of each. */
const configurations = [
  'frr.conf',
  'zebra.conf',
  'ospfd.conf',
  'bgpd.conf',
  'isisd.conf',
  'bfdd.conf',
  'staticd.conf',
];
const frrBytesMax = 1024 * 1024;

function frrFilesOf(
  binds: readonly string[],
  folder: string,
  refusal: (bind: string, message: string) => Error,
): Map<string, string> {
  const files = new Map<string, string>();
  for (const bind of binds.filter(intoFrr)) {
    const [from = '', to = ''] = bind.split(':');
    const path = resolve(folder, from);
    const inside = to.replace(/^\/etc\/frr\/?/, '');
    const wanted = inside === '' ? [...configurations, 'daemons'] : [inside];
    if (!existsSync(path))
      throw refusal(
        bind,
        `there is no ${inside === '' ? 'folder' : 'file'} ${quoted(from)} to bind`,
      );
    for (const name of wanted) {
      const place = inside === '' ? join(path, name) : path;
      if (inside === '' && !(existsSync(place) && statSync(place).isFile())) continue;
      try {
        files.set(name, readRegular(place, frrBytesMax));
      } catch (thrown) {
        throw refusal(bind, `${quoted(from)} cannot be read: ${messageOf(thrown)}`);
      }
    }
  }
  return files;
}
