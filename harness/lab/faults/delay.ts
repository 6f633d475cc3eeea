/** Delay and jitter at the sending ends of a link, by netem; validation refuses it without netem. */
import { LabError } from '../../errors.js';
import type { ResolvedLink } from '../../model/resolved.js';
import type { BridgeClient } from '../mininet/client.js';
import type { Change, FaultDefinition } from './fault.js';
import { numberParameter, onlyLink } from './target.js';

const delay: FaultDefinition = {
  prepare({ bridge, topology }, fault, target) {
    const chosen = onlyLink(fault, target);
    const link =
      'underlay' in chosen ? topology.links.find((one) => one.id === chosen.underlay) : chosen;
    if (!link) {
      throw new LabError(
        'FAULT_NOT_APPLIED',
        `${chosen.id} crosses the fabric, so it has no queue of its own.`,
      );
    }
    if (link.bandwidthBps !== null || link.delayMs > 0 || link.queuePackets !== null) {
      throw new LabError(
        'FAULT_NOT_APPLIED',
        `${link.id} has a bandwidth, delay or queue of its own, which a delay would replace.`,
      );
    }
    const ends = [
      ...(fault.direction === 'reverse' ? [] : [link.a]),
      ...(fault.direction === 'forward' ? [] : [link.b]),
    ];
    const words = [`${numberParameter(fault, 'delayMs')}ms`, `${fault.parameters.jitterMs ?? 0}ms`];
    const netem = ['root', 'netem', 'delay', ...words];
    return {
      inject: () => queue(bridge, link.id, ends, ['replace'], netem, true),
      heal: () => queue(bridge, link.id, ends, ['del'], ['root'], false),
    };
  },
};

export default delay;

async function queue(
  bridge: BridgeClient,
  id: string,
  ends: Array<ResolvedLink['a']>,
  verb: string[],
  words: string[],
  wanted: boolean,
): Promise<Change> {
  const runs = [];
  let seen = 0;
  for (const end of ends) {
    const argv = ['tc', 'qdisc', ...verb, 'dev', end.port, ...words];
    runs.push(await bridge.run(end.node, argv));
    const shown = await bridge.run(end.node, ['tc', 'qdisc', 'show', 'dev', end.port]);
    // An end that cannot be asked is neither delayed nor free of it.
    if (shown.status === 0 && shown.stdout.includes('netem') === wanted) seen++;
  }
  const verified = seen === ends.length;
  const refused = runs.find((run) => run.status !== 0)?.stderr.trim() ?? null;
  const data = { link: id, wanted, asWanted: seen, ends: ends.length, refused };
  return {
    beforeNs: Math.min(...runs.map((run) => run.beforeNs)),
    afterNs: Math.max(...runs.map((run) => run.afterNs)),
    verified,
    evidence: { code: 'netem', data },
  };
}
