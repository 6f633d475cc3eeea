/** What a map shows of a network. */
import { has } from '../../harness/model/node-traits.js';
import type { ResolvedScenario } from '../../harness/model/resolved.js';

/** The scenario without hosts that neither send nor receive, and without their links. Pure. */
export function withoutIdleHosts(scenario: ResolvedScenario): ResolvedScenario {
  const { topology, flows, meters } = scenario;
  const busy = new Set([...flows, ...meters].flatMap(({ from, to }) => [from, to]));
  const stays = (name: string) => {
    const node = topology.nodes.find((one) => one.name === name);
    return node === undefined || !has(node, 'end-point') || busy.has(name);
  };
  return {
    ...scenario,
    topology: {
      ...topology,
      nodes: topology.nodes.filter(({ name }) => stays(name)),
      links: topology.links.filter(({ a, b }) => stays(a.node) && stays(b.node)),
    },
  };
}
