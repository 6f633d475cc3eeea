/** Targets bound to nodes and links, as far as that is possible before the run. */

import { edgesAt, type Graph, otherEnd } from '../../topology/graph.js';
import { didYouMean, joinPath, listed, type Problems } from '../problems.js';
import type { FaultKind, ResolvedNode, ResolvedTarget } from '../resolved.js';
import type { ReadTarget } from '../schema/timeline.js';
import { pick, type Random } from '../seed.js';
import { quoted } from '../units.js';
import type { Wiring } from './links.js';
import { knownNode } from './parts.js';

/** Whether a link's queue is shaped by the scenario already. */
function hasQueue(link: Wiring['links'][number]): boolean {
  return link.bandwidthBps !== null || link.delayMs > 0 || link.queuePackets !== null;
}

/** What faults can hit. */
export interface TargetContext {
  nodes: readonly ResolvedNode[];
  names: ReadonlySet<string>;
  wiring: Wiring;
  graph: Graph;
  random: Random;
  problems: Problems;
}

type Hit = 'relay' | 'link';

/** What each kind of fault can hit. */
const hits: Partial<Record<FaultKind, readonly Hit[]>> = {
  'power-off': ['relay'],
  'vswitchd-crash': ['relay'],
  'vswitchd-hang': ['relay'],
  'link-down': ['link'],
  'cable-cut': ['link'],
  blackhole: ['link'],
  'packet-loss': ['link'],
  'large-packet-loss': ['link'],
  'control-packet-loss': ['relay'],
  'bfd-packet-loss': ['link'],
  'rate-collapse': ['link'],
  delay: ['link'],
  flap: ['link'],
  'control-channel-loss': ['relay'],
};

const hitWords: Record<Hit, string> = {
  relay: 'a relay',
  link: 'a link or tunnel',
};

/** Binds a target; undefined when it is wrong, and then `problems` says why. */
export function resolveTarget(
  kind: FaultKind,
  target: ReadTarget,
  path: string,
  context: TargetContext,
): ResolvedTarget | undefined {
  const bound = bind(target, path, context);
  if (bound === undefined) return undefined;
  const wrong = misfit(kind, bound, context);
  if (wrong === undefined) return bound;
  context.problems.add(path, wrong.message, wrong.hint);
  return undefined;
}

function bind(
  target: ReadTarget,
  path: string,
  context: TargetContext,
): ResolvedTarget | undefined {
  if (typeof target === 'string') return bindName(target, path, context);
  switch (target.kind) {
    case 'relayOnPath':
    case 'linkOnPath':
      return bindRole(target, path, context);
    case 'anyRelay': {
      const node = pick(innerRelays(context), context.random);
      if (node !== undefined) return { kind: 'anyRelay', node };
      context.problems.add(path, 'there is no relay without hosts to choose from');
      return undefined;
    }
    case 'everyRelayBut':
      return bindOthers(target.nodes, path, context);
    case 'linkOf':
      return bindLinkOf(target.a, target.b, path, context);
  }
}

function bindName(name: string, path: string, context: TargetContext): ResolvedTarget | undefined {
  if (context.wiring.places.has(name)) return { kind: 'link', link: name };
  if (context.names.has(name)) return { kind: 'node', node: name };
  const known = [...context.names, ...context.wiring.places.keys()];
  if (known.length === 0) return undefined;
  const message = `there is no node or link ${quoted(name)}${didYouMean(name, known)}`;
  context.problems.add(path, `${message} (there are: ${listed(known)})`);
  return undefined;
}

function bindRole(
  target: Extract<ReadTarget, { kind: 'relayOnPath' | 'linkOnPath' }>,
  path: string,
  { names, nodes, problems }: TargetContext,
): ResolvedTarget | undefined {
  const fine = (['from', 'to'] as const).map((key) => {
    const at = joinPath(path, [key]);
    if (!knownNode(target[key], names, at, problems)) return false;
    const kind = nodes.find((node) => node.name === target[key])?.kind ?? 'host';
    if (kind !== 'host') problems.add(at, `'${target[key]}' is a ${kind}; a path joins two hosts`);
    return kind === 'host';
  });
  return fine.every(Boolean) ? target : undefined;
}

function bindOthers(
  spared: readonly string[],
  path: string,
  context: TargetContext,
): ResolvedTarget | undefined {
  const fine = spared.map((name, index) =>
    knownNode(name, context.names, joinPath(path, ['nodes', index]), context.problems),
  );
  if (!fine.every(Boolean)) return undefined;
  const nodes = innerRelays(context).filter((name) => !spared.includes(name));
  if (nodes.length > 0) return { kind: 'nodes', nodes };
  context.problems.add(path, 'no relay without hosts is left to hit');
  return undefined;
}

function bindLinkOf(
  a: string,
  b: string,
  path: string,
  context: TargetContext,
): ResolvedTarget | undefined {
  const { names, problems, graph } = context;
  const known = [
    knownNode(a, names, joinPath(path, ['a']), problems),
    knownNode(b, names, joinPath(path, ['b']), problems),
  ];
  if (!known.every(Boolean)) return undefined;
  const neighbours = edgesAt(graph, a).map((edge) => ({ id: edge.id, name: otherEnd(edge, a) }));
  const joining = neighbours.filter(({ name }) => name === b).map(({ id }) => id);
  const [only, ...others] = joining;
  if (only === undefined) {
    const have = [...new Set(neighbours.map(({ name }) => name))].join(', ') || 'none';
    problems.add(path, `'${a}' and '${b}' are not neighbours ('${a}' has: ${have})`);
    return undefined;
  }
  if (others.length === 0) return { kind: 'link', link: only };
  const ids = joining.map((id) => `'${id}'`).join(', ');
  const message = `'${a}' and '${b}' are joined by ${joining.length} links: ${ids}`;
  problems.add(
    path,
    message,
    `name the one that is meant, such as '${only}', instead of linkOf(…)`,
  );
  return undefined;
}

/** Relays that no host is plugged into. */
function innerRelays({ nodes, graph }: TargetContext): string[] {
  const edges = new Set(
    graph.edges.flatMap(({ a, b }) => (graph.hosts.has(a) ? [b] : graph.hosts.has(b) ? [a] : [])),
  );
  return nodes.flatMap(({ kind, name }) => (kind === 'relay' && !edges.has(name) ? [name] : []));
}

/** Why a fault cannot hit a target, or undefined. */
function misfit(
  kind: FaultKind,
  target: ResolvedTarget,
  context: TargetContext,
): { message: string; hint?: string } | undefined {
  const allowed = hits[kind];
  if (allowed === undefined) return undefined;
  const wants = allowed.map((hit) => hitWords[hit]).join(' or ');
  const link = target.kind === 'link' || target.kind === 'linkOnPath';
  if (link) {
    if (!allowed.includes('link')) {
      return { message: `${kind} hits ${wants}, not a link`, hint: linkInsteadHint(kind) };
    }
    return linkMisfit(kind, target, context);
  }
  if (!allowed.includes('relay')) {
    const hint = "name it with linkOf('a', 'b') or linkOnPath('h1', 'h2')";
    return { message: `${kind} hits ${wants}, not a node`, hint };
  }
  if (target.kind !== 'node') return undefined;
  const hit = context.nodes.find((node) => node.name === target.node)?.kind ?? 'relay';
  if (hit === 'relay') return undefined;
  const message = `${kind} hits ${wants}, but '${target.node}' is a ${hit}`;
  return hit === 'switch' ? { message, hint: switchHint } : { message };
}

const switchHint =
  'plain switches share one machine and one ovs-vswitchd; make it a relay, or hit its links';

function linkInsteadHint(kind: FaultKind): string {
  return kind === 'power-off' ? 'use linkDown(…), cableCut(…) or blackhole(…)' : 'name a relay';
}

function linkMisfit(kind: FaultKind, target: ResolvedTarget, context: TargetContext) {
  if (target.kind !== 'link') return undefined;
  const tunnel = context.wiring.tunnels.find(({ id }) => id === target.link);
  if (kind === 'bfd-packet-loss' && tunnel === undefined) {
    return { message: `BFD runs on tunnels; '${target.link}' is a plain link` };
  }
  if (kind === 'link-down' && tunnel !== undefined && tunnel.underlay === null) {
    return {
      message: `'${target.link}' is a tunnel across the fabric: it has no carrier to lose`,
      hint: 'use cableCut(…) or blackhole(…), or run the tunnel over: cable()',
    };
  }
  return kind === 'delay'
    ? delayMisfit(tunnel?.underlay ?? target.link, tunnel, context)
    : undefined;
}

/** A delay takes the queue of a wire, so there must be one, and it must be free. */
function delayMisfit(
  wire: string,
  tunnel: Wiring['tunnels'][number] | undefined,
  { wiring }: TargetContext,
) {
  if (tunnel !== undefined && tunnel.underlay === null) {
    return {
      message: `'${tunnel.id}' is a tunnel across the fabric: it has no queue that could delay packets`,
      hint: 'run the tunnel over: cable(), or delay the link of a host',
    };
  }
  const link = wiring.links.find(({ id }) => id === wire);
  if (link === undefined || !hasQueue(link)) return undefined;
  return {
    message: `'${wire}' has a bandwidth, delay or queue of its own, which the fault would replace`,
    hint: 'take it off the link, or delay another one',
  };
}
