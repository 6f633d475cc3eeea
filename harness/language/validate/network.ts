/** Can the network as a whole work: is there a way, and no endless one? */
import { nodeKindOf } from '../../kinds/node-tables.js';
import { type Cidr, parseCidr } from '../../model/network/addresses.js';
import { type Graph, reachable } from '../../model/network/graph.js';
import { findLoop, nodesOnLoops } from '../../model/network/loops.js';
import { controlledNodes, has, nodesWith, nodeWith } from '../../model/node-traits.js';
import type { ResolvedNode } from '../../model/resolved.js';
import type { Judged } from './judged.js';

/** Notes pairs that cannot reach each other, and loops that nothing breaks. */
export function checkNetwork(judged: Judged): void {
  checkReachable(judged);
  checkLoops(judged);
  checkIdle(judged);
  checkForwarding(judged);
}

function checkReachable({ resolved, graph, places, problems }: Judged): void {
  for (const { id, from, to } of [...resolved.flows, ...resolved.meters]) {
    const path = places.get(id) ?? 'traffic';
    const reached = reachable(graph, from);
    if (!reached.has(to)) {
      const others = [...reached].filter((node) => node !== from).join(', ') || 'nothing';
      problems.add(
        path,
        `there is no path from '${from}' to '${to}' ('${from}' reaches: ${others})`,
      );
      continue;
    }
    const { nodes } = resolved.topology;
    const [one, other] = [from, to].map((name) => networkOf(nodes, name));
    if ([from, to].every((name) => hasWayOut(nodes, name))) continue;
    if (one && other && !(holds(one, other.address) && holds(other, one.address))) {
      const message = `'${from}' and '${to}' are in different subnets, and there is no router`;
      problems.add(path, message, 'give both an address in the same subnet');
    }
  }
}

/** Whether a host with this address asks for that one directly, without a router. */
function holds({ first, last }: Cidr, address: number): boolean {
  return first <= address && address <= last;
}

/** It sends what is not for its own subnet to a router of the scenario. */
function hasWayOut(nodes: readonly ResolvedNode[], name: string): boolean {
  if (nodesWith(nodes, 'routes').length === 0) return false;
  return nodeWith(nodes, name, 'end-point')?.defaultRoute !== undefined;
}

function networkOf(nodes: readonly ResolvedNode[], name: string) {
  const node = nodes.find((candidate) => candidate.name === name);
  return node && has(node, 'end-point') ? parseCidr(node.address) : undefined;
}

/** Frames circle for ever where learning switches form a loop without a spanning tree. */
function checkLoops({ resolved, graph, problems }: Judged): void {
  const { controller, topology } = resolved;
  const learnsAll = controller.kind === 'none' || controller.kind === 'ovs-testcontroller';
  const switched = withoutRouters(graph, topology.nodes);
  const onLoops = nodesOnLoops(switched);
  const careless = topology.nodes.filter(
    (node) => onLoops.has(node.name) && (nodeKindOf(node.kind).circles?.(node, learnsAll) ?? false),
  );
  if (careless.length === 0) return;
  const loop = findLoop(switched);
  const names = careless.map(({ name }) => name).join(', ');
  const takesOrders = careless.some((node) => has(node, 'calls-controller'));
  const byController = learnsAll && takesOrders;
  const why = byController
    ? `learn by themselves (controller: ${controller.label})`
    : takesOrders
      ? 'are standalone'
      : 'learn by themselves';
  problems.add(
    'topology',
    `${loop.join(' - ')} is a loop, and ${names} ${why} without a spanning tree: broadcasts would circulate forever`,
    byController
      ? "give the controller { spanningTree: 'rstp' }, or use floyd()"
      : `give them ${remediesOf(careless)}`,
  );
}

/** The network that broadcasts see: a router passes none on. */
function withoutRouters(graph: Graph, nodes: readonly ResolvedNode[]): Graph {
  const routers = new Set(nodesWith(nodes, 'routes').map(({ name }) => name));
  const forwarders = new Set([...graph.forwarders].filter((name) => !routers.has(name)));
  return { ...graph, forwarders };
}

function remediesOf(nodes: readonly ResolvedNode[]): string {
  const remedies = nodes.map(({ kind }) => nodeKindOf(kind).circlesRemedy ?? 'another place');
  return [...new Set(remedies)].join('; ');
}

/** A secure switch forwards what a controller tells it: nothing, where there is none. */
function checkForwarding({ resolved: { controller, topology }, problems }: Judged): void {
  const switches = nodesWith(topology.nodes, 'open-vswitch').filter(
    (node) => !has(node, 'own-open-vswitch'),
  );
  const named = (chosen: ReadonlyArray<{ name: string }>) =>
    chosen.map(({ name }) => name).join(', ');
  if (controller.kind === 'none') {
    const secure = switches.filter(({ failMode }) => failMode === 'secure');
    if (secure.length === 0) return;
    const message = `there is no controller, and ${named(secure)} forward nothing without one (failMode 'secure')`;
    problems.add('topology', message, "set failMode 'standalone', or use a controller");
    return;
  }
  const forwarders = nodesWith(topology.nodes, 'forwards');
  if (forwarders.length > 0 && controlledNodes(topology.nodes).length === 0) {
    const [bridges, hint] =
      switches.length > 0
        ? [`${named(switches)} are bridges (cls=OVSBridge)`, ', or remove cls=OVSBridge']
        : [`${named(forwarders)} call no controller`, ''];
    const message = `${controller.label} has no switch to control: ${bridges}`;
    problems.add('controller', message, `use noController()${hint}`);
  }
  const old = switches.filter(
    ({ protocols }) => protocols !== undefined && !protocols.includes('OpenFlow13'),
  );
  if (controller.kind === 'floyd' && old.length > 0) {
    const message = `${controller.label} uses OpenFlow 1.3, which ${named(old)} do not accept (protocols)`;
    problems.add('controller', message, "set protocols='OpenFlow13' in the Mininet file");
  }
}

/** A host without a link can neither send nor receive. */
function checkIdle({ resolved, graph, problems }: Judged): void {
  const used = new Set(resolved.flows.flatMap(({ from, to }) => [from, to]));
  const plugged = new Set(graph.edges.flatMap(({ a, b }) => [a, b]));
  for (const name of graph.hosts) {
    if (plugged.has(name) || used.has(name)) continue;
    problems.add('topology', `the host '${name}' has no link`, `attach it with { on: 's1' }`);
  }
}
