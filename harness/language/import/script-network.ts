/** What a Mininet script recorded, in the terms that other files have: commands, options, links. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf } from '../../errors.js';
import type { ImportNotes } from '../../model/import-note.js';
import { asPython, type PythonValue } from '../../model/mininet-description.js';
import { readRegular } from '../../safe-files.js';
import { parseTcDelay } from './mininet-file.js';
import type { Recording } from './script-recording.js';
import { Call, type Expression } from './source.js';
import type { StatedLink, StatedNetwork, StatedNode } from './stated.js';

type ScriptNode = Recording['nodes'][number];
type ScriptLink = Recording['links'][number];

export function statedOfScript(
  { nodes, links }: Recording,
  path: string,
  format: string,
  notes: ImportNotes,
): StatedNetwork {
  const leaving = new Set(nodes.filter(({ isNAT }) => isNAT).map(({ name }) => name));
  const built = nodes.filter(({ made, name }) => made !== 'controller' && !leaving.has(name));
  const kept = links.filter(({ ends }) => !ends.some(({ node }) => leaving.has(node)));
  const known = new Set(built.map(({ name }) => name));
  const joined = kept.filter(({ ends }) => ends.every(({ node }) => known.has(node)));
  const stated = joined.map((link) => statedLink(link, notes));
  const stating = built.map((node) => statedNode(node, joined, path, notes));
  const { controller, decides } = controllerOf(nodes, stating, stated, notes);
  return {
    ...{ name: '', format, nodes: stating, links: stated, outside: [...leaving] },
    severalLinksRoute: false,
    ...(controller === undefined ? {} : { controller, decides: decides ?? '' }),
  };
}

function statedNode(
  node: ScriptNode,
  links: readonly ScriptLink[],
  path: string,
  notes: ImportNotes,
): StatedNode {
  const { name, options, cls } = node;
  const idle = Object.entries(options).filter(([, value]) => value !== null);
  const left = (taken: readonly string[]) =>
    idle.filter(([key]) => !taken.includes(key)).map(([key, value]) => settingOf(key, value));
  const plain = { name, image: '', exec: [] as string[], frrFiles: new Map<string, string>() };
  if (node.made === 'host') {
    const ports = links.flatMap(({ ends }) => ends).filter((end) => end.node === name);
    const daemons = frrFilesOf(node.commands, path, name, notes);
    const mac = typeof options.mac === 'string' ? options.mac : undefined;
    return {
      ...plain,
      kind: 'linux',
      exec: [...addressCommands(node, ports[0]?.interface), ...daemons.others],
      frrFiles: daemons.files,
      ...(mac === undefined ? {} : { options: { mac } }),
      idle: left(['mac', 'defaultRoute', 'sched', 'period_us']),
    };
  }
  // Its own management address, and what the lab sets by itself.
  const exec = node.commands.filter((one) => !new RegExp(`^ifconfig ${name} `).test(one));
  if (/^LinuxBridge$/.test(cls?.name ?? '')) {
    const stp = options.stp === true ? true : undefined;
    return { ...plain, exec, kind: 'bridge', options: { stp }, idle: left(['stp', 'prio']) };
  }
  const dpid = typeof options.dpid === 'string' ? options.dpid : undefined;
  const spanningTree = options.stp === true ? 'stp' : undefined;
  const taken = ['dpid', 'stp', 'failMode', 'protocols', 'datapath', 'listenPort', 'inNamespace'];
  const other =
    cls === null || /^OVS(Kernel)?(Switch|Bridge)$/.test(cls.name) ? [] : [`cls=${cls.name}`];
  return {
    ...{ ...plain, exec, kind: 'ovs-bridge', idle: [...left(taken), ...other] },
    options: { dpid, spanningTree },
  };
}

/** Addresses of Mininet's own calls, as the commands that would set them. */
function addressCommands(node: ScriptNode, first: string | undefined): string[] {
  const { address, options } = node;
  const own = node.addresses.map(({ interface: port, address: given }) => ({
    port: port ?? first,
    given,
  }));
  const value = typeof address.value === 'string' ? address.value : '';
  const stated = address.stated && /^\d/.test(value) && !value.startsWith('0.0.0.0');
  const whole = value.includes('/') ? value : `${value}/8`;
  const atFirst = own.some(({ port }) => port === first);
  const all = stated && !atFirst ? [{ port: first, given: whole }, ...own] : own;
  const via = /^via (\S+)/.exec(`${options.defaultRoute ?? ''}`)?.[1];
  return [
    ...all.flatMap(({ port, given }) =>
      port === undefined ? [] : [`ip addr add ${given} dev ${port}`],
    ),
    ...(via === undefined ? [] : [`ip route add default via ${via}`]),
  ];
}

const daemonCommand =
  /(?:^|[/\s])(zebra|ospfd|bgpd|isisd|bfdd|staticd)\s(?:.*\s)?(?:-f|--config_file)\s*(\S+)/;

/** Configurations that a script has the daemons of FRR or Quagga read, and the other commands. */
function frrFilesOf(commands: readonly string[], path: string, name: string, notes: ImportNotes) {
  const files = new Map<string, string>();
  const others: string[] = [];
  for (const command of commands) {
    const [, daemon, given] = daemonCommand.exec(command) ?? [];
    const place = given === undefined ? undefined : besideScript(path, given);
    if (daemon === undefined || given === undefined) others.push(command);
    else if (place === undefined) notes.add('no-such-file', name, given);
    else {
      try {
        files.set(`${daemon}.conf`, readRegular(place, 1024 * 1024));
      } catch (thrown) {
        notes.add('no-such-file', name, `${given}: ${messageOf(thrown)}`);
      }
    }
  }
  return { files, others };
}

function statedLink({ ends, options, ports }: ScriptLink, notes: ImportNotes): StatedLink {
  const name = `${ends[0].node}-${ends[1].node}`;
  const taken: Array<[string, Expression | undefined]> = [];
  const number = (
    key: string,
    least: number,
    most: number,
    text: (value: number) => Expression,
  ) => {
    const value = options[key];
    if (value === undefined || value === null) return;
    const fits = typeof value === 'number' && value >= least && value <= most;
    if (fits) taken.push([key, text(value)]);
    else notes.add('key-not-taken', name, settingOf(key, value));
  };
  number('bw', 0.001, 1000, (value) => `${value}Mbit/s`);
  number('loss', 0, 100, (value) => `${value}%`);
  number('max_queue_size', 1, 1e6, (value) => Math.floor(value));
  const delays = ['delay', 'jitter'].map((key) => {
    const value = options[key];
    const ms = value === undefined || value === null ? undefined : parseTcDelay(`${value}`);
    if (ms !== undefined && ms <= 60_000) return ms;
    if (value !== undefined && value !== null)
      notes.add('key-not-taken', name, settingOf(key, value));
    return undefined;
  });
  const known = [
    'bw',
    'loss',
    'max_queue_size',
    'delay',
    'jitter',
    'use_htb',
    'use_tbf',
    'use_hfsc',
  ];
  for (const [key, value] of Object.entries(options)) {
    if (!known.includes(key) && value !== null)
      notes.add('key-not-taken', name, settingOf(key, value));
  }
  if (ports.some((port) => port !== null)) notes.add('ports-of-the-lab', name);
  const by = new Map(taken);
  const [delay, jitter] = delays;
  return {
    line: null,
    ends: [ends[0], ends[1]],
    ...(delay === undefined || delay === 0 ? {} : { delayMs: delay }),
    wire: {
      bandwidth: by.get('bw'),
      delay: delay === undefined || delay === 0 ? undefined : `${delay}ms`,
      jitter: jitter === undefined || !delay ? undefined : `${jitter}ms`,
      loss: by.get('loss'),
      queue: by.get('max_queue_size'),
    },
  };
}

/** Who decides where packets go: Mininet's own controller, or none in the place of one that is not here. */
function controllerOf(
  nodes: readonly ScriptNode[],
  stating: readonly StatedNode[],
  links: readonly StatedLink[],
  notes: ImportNotes,
): { controller?: Expression; decides?: string } {
  const switches = new Set(stating.filter(({ kind }) => kind !== 'linux').map(({ name }) => name));
  if (switches.size === 0) return {};
  const controllers = nodes.filter(({ made }) => made === 'controller');
  const foreign = controllers.filter(({ cls }) => !cls?.mininet || /Remote|Ryu|NOX/.test(cls.name));
  for (const { name, options, cls, address } of foreign) {
    const at = `${address.value ?? '127.0.0.1'}:${options.port ?? 6653}`;
    notes.add(
      'controller-not-taken',
      name,
      /Remote/.test(cls?.name ?? '') ? at : (cls?.name ?? at),
    );
  }
  const loops = hasLoop(switches, links);
  const own = controllers.find((one) => !foreign.includes(one));
  // It knows no loops, and keeps flows to where a link was.
  if (own && loops) notes.add('controller-and-loops', own.name);
  if (own && foreign.length === 0 && !loops) {
    const decides = "Open vSwitch's test controller";
    return { controller: new Call('ovsTestController', []), decides };
  }
  return {
    controller: new Call('noController', loops ? [{ spanningTree: 'rstp' }] : []),
    decides: `the switches, without a controller${loops ? ', with a spanning tree (RSTP)' : ''}`,
  };
}

/** Whether frames could circle. */
function hasLoop(switches: ReadonlySet<string>, links: readonly StatedLink[]): boolean {
  const above = new Map<string, string>();
  const rootOf = (name: string): string => {
    const next = above.get(name);
    return next === undefined ? name : rootOf(next);
  };
  for (const { ends } of links) {
    if (!ends.every(({ node }) => switches.has(node))) continue;
    const [one, other] = [rootOf(ends[0].node), rootOf(ends[1].node)];
    if (one === other) return true;
    above.set(one, other);
  }
  return false;
}

/** A file that the script names, from its own folder; undefined where there is none. */
function besideScript(path: string, name: string): string | undefined {
  const place = resolve(dirname(path), name);
  return existsSync(place) ? place : undefined;
}

/** `cls=UserSwitch`, as the script has it. */
const settingOf = (key: string, value: PythonValue): string => `${key}=${asPython(value)}`;
