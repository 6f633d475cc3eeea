/** Can the faults bite, and do they get along with each other? */
import { isNodeTrait } from '../../kinds/fault-kind.js';
import { excludedTogether, faultOf } from '../../kinds/fault-tables.js';
import { wordsWith } from '../../kinds/node-tables.js';
import { mayCarry, mayCarryEdge } from '../../model/network/carriers.js';
import { edgesAt, type Graph, otherEnd } from '../../model/network/graph.js';
import { nodesWith } from '../../model/node-traits.js';
import type {
  FaultKind,
  ResolvedExpectation,
  ResolvedFault,
  ResolvedTarget,
} from '../../model/resolved.js';
import { joinPath } from '../problems.js';
import type { PlannedStep } from '../resolve/timeline.js';
import type { Judged } from './judged.js';

/** Notes faults that hit what never carries traffic, and faults that exclude each other. */
export function checkFaults(judged: Judged): void {
  const idle = !judged.steps.some(({ step }) => step.action.kind === 'inject');
  if (idle && judged.statedDurationMs === undefined) {
    const message = 'injects no fault, so there is nothing to measure';
    judged.problems.add('timeline', message, "add at('5s', powerOff(…)), or set limits.duration");
  }
  for (const planned of judged.steps) {
    const { action } = planned.step;
    if (action.kind !== 'inject') continue;
    checkBites(action.fault, targetPath(planned), judged);
    checkIdle(action.fault, joinPath(planned.path, ['action']), judged);
    checkEnds(action.fault, targetPath(planned), judged);
  }
  checkContradictions(judged);
}

const targetPath = ({ path }: PlannedStep) => joinPath(path, ['action', 'target']);

interface Pair {
  from: string;
  to: string;
}

function checkBites({ kind, target }: ResolvedFault, path: string, judged: Judged): void {
  const pairs: Pair[] = [...judged.resolved.flows, ...judged.resolved.meters];
  if (pairs.length === 0) return;
  if (target.kind === 'relayOnPath') {
    checkRelayOnPath(kind, target, path, judged);
    return;
  }
  if (target.kind === 'linkOnPath') {
    checkLinkOnPath(target, path, judged);
    return;
  }
  const { hits } = faultOf(kind);
  if (hits === 'nodes' || hits === 'controller') {
    checkCut(target, path, judged);
    return;
  }
  const idle = hitNames(target).filter((name) => !carriesAny(name, target, pairs, judged));
  if (idle.length === 0 || idle.length < hitNames(target).length) return;
  const traffic = [...new Set(pairs.map(({ from, to }) => `${from}-${to}`))].join(', ');
  judged.problems.add(
    path,
    `'${idle.join("', '")}' never carries the traffic (${traffic}), so nothing would be measured`,
    'target something on the path, or add traffic that crosses it',
  );
}

function hitNames(target: ResolvedTarget): string[] {
  if (target.kind === 'link') return [target.link];
  if (target.kind === 'node' || target.kind === 'anyRelay') return [target.node];
  return target.kind === 'nodes' || target.kind === 'everyRelayBut' ? target.nodes : [];
}

function carriesAny(name: string, target: ResolvedTarget, pairs: Pair[], judged: Judged): boolean {
  const { graph, resolved } = judged;
  // A cable under a tunnel carries what the tunnel carries.
  const tunnel = resolved.topology.tunnels.find(({ underlay }) => underlay === name);
  const link = target.kind === 'link' ? (tunnel?.id ?? name) : undefined;
  return pairs.some(({ from, to }) =>
    link === undefined ? mayCarry(graph, name, from, to) : mayCarryEdge(graph, link, from, to),
  );
}

function checkRelayOnPath(
  kind: FaultKind,
  { from, to }: Pair,
  path: string,
  { graph, resolved, problems }: Judged,
): void {
  const { hits } = faultOf(kind);
  const trait = isNodeTrait(hits) ? hits : 'loses-power';
  const between = nodesWith(resolved.topology.nodes, trait).filter(
    ({ name }) => mayCarry(graph, name, from, to) && !touchesEither(graph, name, from, to),
  );
  if (between.length > 0) return;
  const words = wordsWith(trait);
  const message = `no ${words} lies between the nodes to which '${from}' and '${to}' are attached`;
  problems.add(path, message, 'name the target node, or use linkOnPath(…)');
}

function touchesEither(graph: Graph, node: string, from: string, to: string): boolean {
  return edgesAt(graph, node).some((edge) => [from, to].includes(otherEnd(edge, node) ?? ''));
}

function checkLinkOnPath(
  { from, to, hop }: Pair & { hop: number },
  path: string,
  { graph, problems }: Judged,
): void {
  const inner = graph.edges.filter(
    ({ id, a, b }) =>
      graph.forwarders.has(a) && graph.forwarders.has(b) && mayCarryEdge(graph, id, from, to),
  );
  if (hop < inner.length) return;
  const have = inner.length === 0 ? 'none' : `at most ${inner.length}`;
  const message = `there is no hop ${hop} between '${from}' and '${to}'`;
  problems.add(path, `${message} (links between switches on the path: ${have})`);
}

/**
 * A host that is down, or whose only relay dies, is off the network: no controller can do anything about it. That is
 * refused where the scenario expects a recovery.
 */
function checkEnds({ kind, target, id }: ResolvedFault, path: string, judged: Judged): void {
  if (!faultOf(kind).kills) return;
  const { graph, resolved, problems } = judged;
  const dead = new Set(hitNames(target));
  const recovers = resolved.expectations.some(
    ({ metric, step, atMost }) =>
      (step === null || step === id) && atMost !== null && expectsRecovery.has(metric),
  );
  if (!recovers) return;
  const ends = new Set(
    [...resolved.flows, ...resolved.meters].flatMap(({ from, to }) => [from, to]),
  );
  for (const host of ends) {
    if (dead.has(host)) {
      const message = `'${host}' is an end of the traffic: while it is down nothing can recover`;
      problems.add(path, message, 'target another host, or expect losesContact(…)');
      return;
    }
    const plugs = edgesAt(graph, host).map((edge) => otherEnd(edge, host) ?? '');
    if (plugs.length === 0 || !plugs.every((node) => dead.has(node))) continue;
    const message =
      `'${host}' is attached only to ${plugs.map((node) => `'${node}'`).join(', ')}: ` +
      'while that is dead nothing can recover';
    const hint =
      'target a node between the hosts, attach the host to a second node, or expect losesContact(…)';
    problems.add(path, message, hint);
    return;
  }
}

/** A set of nodes that is cut off must have neighbours outside. */
function checkCut(target: ResolvedTarget, path: string, { graph, problems }: Judged): void {
  if (target.kind !== 'nodes') return;
  const inside = new Set(target.nodes);
  if (graph.edges.some(({ a, b }) => inside.has(a) !== inside.has(b))) return;
  problems.add(path, 'these nodes have no link to other nodes, so nothing is cut off');
}

/** A value with which the fault would do nothing on this network. */
function checkIdle(fault: ResolvedFault, path: string, { resolved, problems }: Judged): void {
  const idle = faultOf(fault.kind).idle?.(fault, resolved.topology);
  if (idle) problems.add(joinPath(path, [idle.field]), idle.message);
}

/** What has a bound only where traffic comes back by itself. */
const expectsRecovery: ReadonlySet<ResolvedExpectation['metric']> = new Set([
  'networkOutageMs',
  'tcpStallMs',
  'recoveredTo90Ms',
  'keepsContact',
]);

function checkContradictions({ steps, problems }: Judged): void {
  const standing = steps.flatMap((planned) => {
    const { action } = planned.step;
    return action.kind === 'inject' ? [{ planned, fault: action.fault }] : [];
  });
  standing.forEach(({ planned, fault }, index) => {
    for (const earlier of standing.slice(0, index)) {
      if (!excludes(earlier.fault, fault)) continue;
      if (healedBefore(steps, earlier.fault.id, planned.earliestMs)) continue;
      problems.add(
        joinPath(planned.path, ['action']),
        `${fault.kind} contradicts ${earlier.fault.kind} in ${earlier.planned.path}: it has the same target, and no step heals that before`,
        'heal the first fault before it, or choose another target',
      );
    }
  });
}

/** Faults of one group exclude each other on one target. */
function excludes(one: ResolvedFault, other: ResolvedFault): boolean {
  if (!excludedTogether(one.kind, other.kind)) return false;
  if (one.target.kind === 'controller' && other.target.kind === 'controller') {
    return one.target.instance === other.target.instance;
  }
  // A role such as relayOnPath finds another target once the first is gone.
  const names = hitNames(one.target);
  const opposite = one.direction !== 'both' && other.direction !== 'both';
  if (opposite && one.direction !== other.direction) return false;
  return hitNames(other.target).some((name) => names.includes(name));
}

function healedBefore(steps: readonly PlannedStep[], fault: string, ms: number): boolean {
  return steps.some(
    ({ step, earliestMs }) =>
      step.action.kind === 'heal' && step.action.faultId === fault && earliestMs <= ms,
  );
}
