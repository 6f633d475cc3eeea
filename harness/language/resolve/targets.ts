/** Targets bound to nodes and links, as far as that is possible before the run. */

import type { ReadTarget } from '../../kinds/fault-fields.js';
import { type HitLink, isNodeTrait, type Misfit } from '../../kinds/fault-kind.js';
import { faultOf, hitWords, waysDown } from '../../kinds/fault-tables.js';
import { nodeKindOf, nounOf, otherThan, wordsWith } from '../../kinds/node-tables.js';
import { edgesAt, type Graph, otherEnd } from '../../model/network/graph.js';
import type { NodeTrait } from '../../model/node-facts.js';
import { kindHas, nodesWith } from '../../model/node-traits.js';
import type { FaultKind, ResolvedNode, ResolvedTarget } from '../../model/resolved.js';
import { pick, type Random } from '../../model/seed.js';
import { quoted } from '../../model/units.js';
import { didYouMean, joinPath, listed, type Problems } from '../problems.js';
import { knownNode } from './parts.js';
import type { Wiring } from './wiring.js';

/** What faults can hit. */
export interface TargetContext {
  nodes: readonly ResolvedNode[];
  names: ReadonlySet<string>;
  wiring: Wiring;
  graph: Graph;
  random: Random;
  problems: Problems;
}

/** Binds a target; undefined when it is wrong, and then `problems` says why. */
export function resolveTarget(
  kind: FaultKind,
  target: ReadTarget,
  path: string,
  context: TargetContext,
): ResolvedTarget | undefined {
  const bound = bind(kind, target, path, context);
  if (bound === undefined) return undefined;
  const wrong = misfit(kind, bound, context);
  if (wrong === undefined) return bound;
  context.problems.add(path, wrong.message, wrong.hint);
  return undefined;
}

function bind(
  kind: FaultKind,
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
      const node = pick(innerNodes(kind, context), context.random);
      if (node !== undefined) return { kind: 'anyRelay', node };
      const words = hitNodes(kind);
      context.problems.add(path, `there is no ${words} without hosts to choose`);
      return undefined;
    }
    case 'everyRelayBut':
      return bindOthers(kind, target.nodes, path, context);
    case 'linkOf':
      return bindLinkOf(target.a, target.b, path, context);
  }
}

function bindName(name: string, path: string, context: TargetContext): ResolvedTarget | undefined {
  const bond = context.wiring.bonds.find(({ id }) => id === name);
  if (bond !== undefined) {
    const members = bond.members.map(({ link }) => `'${link}'`).join(', ');
    context.problems.add(path, `'${name}' is a bond`, `name one of its members: ${members}`);
    return undefined;
  }
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
    const other = otherThan('end-point', nodes, target[key]);
    if (other) problems.add(at, `'${target[key]}' is a ${other}; a path joins two hosts`);
    return other === undefined;
  });
  return fine.every(Boolean) ? target : undefined;
}

function bindOthers(
  kind: FaultKind,
  spared: readonly string[],
  path: string,
  context: TargetContext,
): ResolvedTarget | undefined {
  const fine = spared.map((name, index) =>
    knownNode(name, context.names, joinPath(path, ['nodes', index]), context.problems),
  );
  if (!fine.every(Boolean)) return undefined;
  const nodes = innerNodes(kind, context).filter((name) => !spared.includes(name));
  if (nodes.length > 0) return { kind: 'nodes', nodes };
  context.problems.add(path, `no ${hitNodes(kind)} without hosts is left`);
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
    problems.add(path, `'${a}' and '${b}' are not neighbours (neighbours of '${a}': ${have})`);
    return undefined;
  }
  if (others.length === 0) return { kind: 'link', link: only };
  const ids = joining.map((id) => `'${id}'`).join(', ');
  const message = `'${a}' and '${b}' are joined by ${joining.length} links: ${ids}`;
  problems.add(path, message, `name the intended one, such as '${only}', instead of linkOf(…)`);
  return undefined;
}

/** What a role of this fault chooses from: the nodes that it hits, or those that machines are. */
function hitTrait(kind: FaultKind): NodeTrait {
  const { hits } = faultOf(kind);
  return isNodeTrait(hits) ? hits : 'loses-power';
}

const hitNodes = (kind: FaultKind): string => wordsWith(hitTrait(kind));

/** Those of them that no host is plugged into. */
function innerNodes(kind: FaultKind, { nodes, graph }: TargetContext): string[] {
  const edges = new Set(
    graph.edges.flatMap(({ a, b }) => (graph.hosts.has(a) ? [b] : graph.hosts.has(b) ? [a] : [])),
  );
  const machines = nodesWith(nodes, hitTrait(kind)).map(({ name }) => name);
  return machines.filter((name) => !edges.has(name));
}

/** Why a fault cannot hit a target, or undefined. */
function misfit(
  kind: FaultKind,
  target: ResolvedTarget,
  context: TargetContext,
): Misfit | undefined {
  const { hits, meantForLinks } = faultOf(kind);
  const wants = hitWords(hits);
  if (target.kind === 'link' || target.kind === 'linkOnPath') {
    if (hits !== 'link') {
      const hint = meantForLinks ? `use ${waysDown()}` : `name ${wants}`;
      return { message: `${kind} hits ${wants}, not a link`, hint };
    }
    return target.kind === 'link' ? linkMisfit(kind, hitLink(target.link, context)) : undefined;
  }
  if (hits === 'link') {
    const hint = "name it with linkOf('a', 'b') or linkOnPath('h1', 'h2')";
    return { message: `${kind} hits ${wants}, not a node`, hint };
  }
  if (target.kind !== 'node' || !isNodeTrait(hits)) return undefined;
  const node = context.nodes.find(({ name }) => name === target.node);
  if (node === undefined || kindHas(node.kind, hits)) return undefined;
  const message = `${kind} hits ${wants}, but '${target.node}' is a ${nounOf(node.kind)}`;
  const hint = nodeKindOf(node.kind).insteadOfFaults;
  return hint === undefined ? { message } : { message, hint };
}

function linkMisfit(kind: FaultKind, link: HitLink): Misfit | undefined {
  const { misfit, repeatable } = faultOf(kind);
  const found = misfit?.(link);
  if (!found || !repeatable) return found;
  // It was to take the link down: other kinds do so, where this one does not fit.
  const ways = [`use ${waysDown(link)}`, found.hint].filter((way) => way !== undefined);
  return { ...found, hint: ways.join(', or ') };
}

function hitLink(id: string, { wiring: { tunnels, links } }: TargetContext): HitLink {
  const tunnel = tunnels.find((one) => one.id === id) ?? null;
  const wire = tunnel === null ? id : tunnel.underlay;
  return { id, tunnel, wire: links.find((link) => link.id === wire) ?? null };
}
