/** Delay and jitter on both ends of a link, by netem; validation refuses it where netem is missing. */
import { LabError } from '../errors.js';
import type { BridgeClient } from '../mininet/client.js';
import type { ResolvedLink } from '../scenario/resolved.js';
import type { Change, FaultDefinition } from './fault.js';
import { numberParameter, onlyLink } from './target.js';

export const delay: FaultDefinition = {
  kind: 'delay',
  async inject({ bridge, topology }, fault, target) {
    const chosen = onlyLink(fault, target);
    const link =
      'underlay' in chosen ? topology.links.find((one) => one.id === chosen.underlay) : chosen;
    if (!link) {
      throw new LabError(
        'FAULT_NOT_APPLIED',
        `${chosen.id} crosses the fabric: it has no queue of its own.`,
      );
    }
    const words = [`${numberParameter(fault, 'delayMs')}ms`, `${fault.parameters.jitterMs ?? 0}ms`];
    const netem = ['root', 'netem', 'delay', ...words];
    const injected = await queue(bridge, link, ['replace'], netem, true);
    return { injected, heal: () => queue(bridge, link, ['del'], ['root'], false) };
  },
};

async function queue(
  bridge: BridgeClient,
  link: ResolvedLink,
  verb: string[],
  words: string[],
  wanted: boolean,
): Promise<Change> {
  const runs = [];
  let netem = 0;
  for (const end of [link.a, link.b]) {
    const argv = ['tc', 'qdisc', ...verb, 'dev', end.port, ...words];
    runs.push(await bridge.run(end.node, argv));
    const seen = await bridge.check(end.node, ['tc', 'qdisc', 'show', 'dev', end.port]);
    if (seen.includes('netem')) netem++;
  }
  const refused = runs.find((run) => run.status !== 0);
  return {
    beforeNs: Math.min(...runs.map((run) => run.beforeNs)),
    afterNs: Math.max(...runs.map((run) => run.afterNs)),
    verified: netem === (wanted ? 2 : 0),
    evidence: refused?.stderr.trim() ?? `netem on ${netem} of 2 ends of ${link.id}`,
  };
}
