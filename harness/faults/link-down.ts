/**
 * A link is taken down at one end: both ends lose carrier, as when a cable is unplugged.
 *
 * A controller may set a port up again (os-ken's spanning tree writes the state of every port, up
 * included). No controller can put a cable back in, so both ends are made dormant beforehand: one
 * that is set up stays without carrier for all who ask (RFC 2863 §3.1.14), and where there is a
 * controller a filter sees to it that nothing passes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../clock.js';
import { LabError } from '../errors.js';
import type { BridgeClient } from '../mininet/client.js';
import type { ResolvedLink, ResolvedTopology, ResolvedTunnel } from '../scenario/resolved.js';
import type { Change, FaultDefinition } from './fault.js';
import { hasCarrierIn } from './link-flags.js';
import { dropPoints, filterPackets } from './packet-filter.js';
import { onlyLink } from './target.js';

/** The kernel tells a change of carrier within a second (its link watch). */
const settleWithinMs = 2000;

export const linkDown: FaultDefinition = {
  kind: 'link-down',
  async inject({ bridge, topology, controllerPorts }, fault, target) {
    const link = vethOf(topology, onlyLink(fault, target));
    if (!link) {
      throw new LabError(
        'FAULT_NOT_APPLIED',
        `${target.names.join(', ')} is a tunnel across the fabric: it has no carrier to lose.`,
        { hint: 'Use cableCut or blackhole for it.' },
      );
    }
    const injected = await setLink(bridge, link, false);
    if (controllerPorts.length === 0) return { injected, heal: () => setLink(bridge, link, true) };
    const points = dropPoints(topology, link, 'both');
    const what = `${link.id} kept down`;
    const kept = await filterPackets(bridge, fault.id, points, 'counter drop', what);
    const verified = injected.verified && kept.injected.verified;
    const evidence = kept.injected.verified
      ? injected.evidence
      : `${injected.evidence}; ${kept.injected.evidence}`;
    return {
      injected: { ...injected, verified, evidence },
      async heal() {
        await kept.heal();
        return setLink(bridge, link, true);
      },
    };
  },
};

/**
 * The underlay of a tunnel is cut. On a cable its two interfaces lose carrier and the tunnel port
 * does not; across the fabric nobody sees anything but silence.
 */
export const cableCut: FaultDefinition = {
  kind: 'cable-cut',
  async inject({ bridge, topology }, fault, target) {
    const link = onlyLink(fault, target);
    const cable = vethOf(topology, link);
    if (cable) {
      const injected = await setLink(bridge, cable, false);
      return { injected, heal: () => setLink(bridge, cable, true) };
    }
    const points = dropPoints(topology, link, 'both');
    return filterPackets(bridge, fault.id, points, 'counter drop', `underlay of ${link.id} cut`);
  },
};

/** The veth pair of a link, or under a tunnel; undefined for a tunnel across the fabric. */
function vethOf(
  topology: ResolvedTopology,
  link: ResolvedLink | ResolvedTunnel,
): ResolvedLink | undefined {
  if (!('underlay' in link)) return link;
  return topology.links.find((one) => one.id === link.underlay);
}

async function setLink(bridge: BridgeClient, link: ResolvedLink, up: boolean): Promise<Change> {
  const ends = [link.a, link.b];
  const set = (end: End, ...words: string[]) =>
    bridge.run(end.node, ['ip', 'link', 'set', 'dev', end.port, ...words]);
  for (const end of ends) await set(end, 'mode', up ? 'default' : 'dormant');
  const done = await set(link.a, up ? 'up' : 'down');
  const { beforeNs, afterNs } = done;
  // An end that was set up meanwhile waits for a word that it is no longer dormant.
  if (up) for (const end of ends) await set(end, 'state', 'up');
  const carriers = await carriersOf(bridge, ends, up);
  const verified = done.status === 0 && carriers.every((carrier) => carrier === up);
  const evidence = `carrier of ${link.a.port} and ${link.b.port}: ${carriers.map((carrier) => carrier ?? 'unknown').join(', ')}${done.stderr ? ` (${done.stderr.trim()})` : ''}`;
  return { beforeNs, afterNs, verified, evidence };
}

type End = ResolvedLink['a'];

/** Whether each end has carrier, once all are as wanted or the time for it has passed. */
async function carriersOf(
  bridge: BridgeClient,
  ends: End[],
  wanted: boolean,
): Promise<Array<boolean | null>> {
  const deadlineNs = nowNs() + settleWithinMs * 1e6;
  for (;;) {
    const carriers = await Promise.all(ends.map((end) => hasCarrier(bridge, end)));
    if (carriers.every((carrier) => carrier === wanted) || nowNs() > deadlineNs) return carriers;
    await sleep(10);
  }
}

/** Null when what `ip` prints cannot be read. */
async function hasCarrier(bridge: BridgeClient, end: End): Promise<boolean | null> {
  return hasCarrierIn(await bridge.check(end.node, ['ip', '-j', 'link', 'show', 'dev', end.port]));
}
