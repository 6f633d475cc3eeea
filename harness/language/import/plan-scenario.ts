/** A scenario to go on with, around an imported network: traffic, a failure, an expectation. */
import { type FarApart, farApart } from './far-apart.js';
import type { ImportedNetwork, ImportedNode } from './imported.js';
import { Call, type Expression, Name } from './source.js';

export interface PlannedScenario {
  question: string;
  topology: Expression[];
  /** The fields of the scenario, in order. */
  fields: { readonly [key: string]: Expression | undefined };
  hosts: [string, string];
  /** Where the hosts were added, because the file has none. */
  addedAt: [string, string] | null;
  way: FarApart;
}

const edgesOf = ({ links }: ImportedNetwork) =>
  links.map(({ a, b }, index) => ({ id: String(index), a, b }));

/** Undefined where the file has no two hosts that reach each other, and no nodes to add them to. */
export function planScenario(network: ImportedNetwork): PlannedScenario | undefined {
  const { nodes, others = [] } = network;
  const named = nodes.map(({ name }) => name);
  const own = nodes.filter(({ becomes }) => becomes === 'host').map(({ name }) => name);
  const carriers = nodes.filter(({ becomes }) => becomes !== 'host').map(({ name }) => name);
  const way = farApart(carriers, own, edgesOf(network));
  if (way === undefined) return undefined;
  const added = own.length >= 2 ? [] : way.ends;
  const hosts = added.length === 0 ? way.ends : freeNames(named);
  const [from, to] = hosts;
  const topology = [
    ...grouped(nodes),
    ...added.map((on, index) => new Call('host', [hosts[index] ?? '', { on }])),
    ...network.links.map(({ written }) => written),
    ...others,
  ];
  const { question, fault, mends } = failureOf(network, way, from, to);
  return {
    question,
    topology,
    hosts,
    addedAt: added.length === 0 ? null : way.ends,
    way,
    fields: {
      question,
      topology,
      controller: network.controller,
      traffic: [new Call('iperf3', [from, to, { bitrate: '10Mbit/s', ...network.flow }])],
      timeline: [new Call('at', ['2s', fault]), mends],
      expect: expected(network, way),
      limits: {
        readyWithin: readyWithin(network),
        cleanFor: '1s',
        recoverWithin: network.recoverWithin ?? '60s',
        sustainedFor: '1s',
      },
    },
  };
}

/** Large networks take longer to start and to learn their ways; a scenario waits ten minutes at most. */
function readyWithin({ readyWithin: stated = '60s', nodes }: ImportedNetwork): string {
  return `${Math.min(600, Math.max(Number.parseInt(stated, 10), 2 * nodes.length))}s`;
}

/** A bound that the timers give; none where nobody has stated one. */
function expected({ outageAtMost }: ImportedNetwork, { spare }: FarApart): Expression | undefined {
  if (outageAtMost === undefined || spare === null) return undefined;
  return [new Call('networkOutage.atMost', [outageAtMost])];
}

const losesPower: ReadonlySet<string> = new Set(['router', 'relay', 'linux-bridge']);

function failureOf(network: ImportedNetwork, way: FarApart, from: string, to: string) {
  const kinds = new Map(network.nodes.map(({ name, becomes }) => [name, becomes]));
  const middle = way.path.slice(1, -1).filter((name) => kinds.get(name) !== 'host');
  const dies =
    way.spare === 'node' &&
    middle.length > 0 &&
    middle.every((name) => losesPower.has(kinds.get(name) ?? ''));
  const title = network.title === '' ? '' : ` in ${network.title}`;
  if (dies) {
    const one = kinds.get(middle[0] ?? '') === 'router' ? 'router' : 'node';
    return {
      question: `How long is traffic dark${title} when a ${one} on its path loses its power?`,
      fault: new Call('powerOff', [new Call('relayOnPath', [from, to])]),
      mends: new Call('after', [new Name('recovered'), '200ms', new Call('heal', [])]),
    };
  }
  const carriers = way.path.filter((name) => kinds.get(name) !== 'host');
  const [first = '', second = ''] = way.path;
  // With one node between the hosts, no link joins two nodes that carry traffic.
  const ends = carriers.length === 0 ? [from, to] : [first, second];
  const [joining, ...parallel] = network.links.filter(
    ({ a, b }) => ends.includes(a) && ends.includes(b),
  );
  const byName = joining && parallel.length > 0 ? `${joining.a}-${joining.b}` : undefined;
  const target =
    carriers.length > 1 ? new Call('linkOnPath', [from, to]) : (byName ?? new Call('linkOf', ends));
  const fault = new Call('linkDown', [target]);
  if (way.spare !== null) {
    return {
      question: `How long is traffic dark${title} when a link on its path goes down?`,
      fault,
      mends: new Call('after', [new Name('recovered'), '200ms', new Call('heal', [])]),
    };
  }
  return {
    question: `How long is traffic dark${title} when a link on its only path is down for 3 s?`,
    fault,
    mends: new Call('at', ['5s', new Call('heal', [])]),
  };
}

/** `h1` and `h2`, or the next ones that no node has. */
function freeNames(taken: readonly string[]): [string, string] {
  const free = Array.from({ length: taken.length + 2 }, (_, index) => `h${index + 1}`).filter(
    (name) => !taken.includes(name),
  );
  return [free[0] ?? 'h1', free[1] ?? 'h2'];
}

/** Builders of several nodes that differ by their names alone. */
const several: Readonly<Record<string, string>> = {
  router: 'routers',
  ovsSwitch: 'switches',
  relay: 'relays',
};

/** Nodes in their order, those next to each other that differ by name alone as one call. */
function grouped(nodes: readonly ImportedNode[]): Expression[] {
  const groups: Array<{ call: string; options: Expression[]; names: string[]; own: Expression }> =
    [];
  for (const { name, written } of nodes) {
    const call = written instanceof Call ? written.name : '';
    const options = written instanceof Call ? written.given.slice(1) : [];
    const plain = Object.hasOwn(several, call) && options.length === (call === 'router' ? 1 : 0);
    const last = groups.at(-1);
    if (plain && last?.call === call && last.options[0] === options[0]) last.names.push(name);
    else groups.push({ call: plain ? call : '', options, names: [name], own: written });
  }
  return groups.map(({ call, options, names, own }) =>
    names.length === 1 ? own : new Call(several[call] ?? '', [...options, ...names]),
  );
}
