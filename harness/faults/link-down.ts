/** A link is taken down at one end: both ends lose carrier, as when a cable is unplugged. */

import { LabError } from '../errors.js';
import type { BridgeClient } from '../mininet/client.js';
import type { ResolvedLink, ResolvedTopology, ResolvedTunnel } from '../scenario/resolved.js';
import type { Change, FaultDefinition } from './fault.js';
import { dropPoints, filterPackets } from './packet-filter.js';
import { onlyLink } from './target.js';

export const linkDown: FaultDefinition = {
  kind: 'link-down',
  async inject({ bridge, topology }, fault, target) {
    const link = vethOf(topology, onlyLink(fault, target));
    if (!link) {
      throw new LabError(
        'FAULT_NOT_APPLIED',
        `${target.names.join(', ')} is a tunnel across the fabric: it has no carrier to lose.`,
        { hint: 'Use cableCut or blackhole for it.' },
      );
    }
    const injected = await setLink(bridge, link, false);
    return { injected, heal: () => setLink(bridge, link, true) };
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
  const argv = ['ip', 'link', 'set', link.a.port, up ? 'up' : 'down'];
  const done = await bridge.run(link.a.node, argv);
  const { beforeNs, afterNs } = done;
  const carriers = await Promise.all([link.a, link.b].map((end) => hasCarrier(bridge, end)));
  const verified = done.status === 0 && carriers.every((carrier) => carrier === up);
  const evidence = `carrier of ${link.a.port} and ${link.b.port}: ${carriers.join(', ')}${done.stderr ? ` (${done.stderr.trim()})` : ''}`;
  return { beforeNs, afterNs, verified, evidence };
}

async function hasCarrier(
  bridge: BridgeClient,
  end: { node: string; port: string },
): Promise<boolean> {
  const text = await bridge.check(end.node, ['ip', '-j', 'link', 'show', 'dev', end.port]);
  const [link] = JSON.parse(text) as Array<{ flags: string[] }>;
  return link?.flags.includes('LOWER_UP') ?? false;
}
