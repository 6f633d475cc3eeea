/** Faults of one node's OpenFlow channel; the data plane is not touched. */
import type { ResolvedTopology } from '../scenario/resolved.js';
import { controlAddressOf } from '../topology/control-network.js';
import { rootNames } from '../topology/root-names.js';
import type { FaultDefinition } from './fault.js';
import { type DropPoint, packetFilter } from './packet-filter.js';
import { lossStatement } from './packet-loss.js';
import { numberParameter, onlyNode } from './target.js';

/** The channel goes silent: nobody gets a FIN or RST. */
export const controlChannelLoss: FaultDefinition = {
  kind: 'control-channel-loss',
  prepare({ bridge, topology }, fault, target) {
    const node = onlyNode(fault, target);
    const points = channelPoints(topology, node);
    return packetFilter(bridge, fault.id, points, 'counter drop', `control channel of ${node} cut`);
  },
};

/** A share of the channel's packets is lost. */
export const controlPacketLoss: FaultDefinition = {
  kind: 'control-packet-loss',
  prepare({ bridge, topology }, fault, target) {
    const node = onlyNode(fault, target);
    const percent = numberParameter(fault, 'lossPercent');
    const points = channelPoints(topology, node);
    const what = `${percent} % loss on the control channel of ${node}`;
    return packetFilter(bridge, fault.id, points, lossStatement(percent), what);
  },
};

/** A relay has a control interface of its own; a plain switch has an address on loopback. */
function channelPoints(topology: ResolvedTopology, node: string): DropPoint[] {
  const kind = topology.nodes.find((one) => one.name === node)?.kind;
  if (kind === 'relay') {
    const device = rootNames(topology).controlPort(node);
    return [
      { node: null, device, hook: 'ingress', match: '' },
      { node: null, device, hook: 'egress', match: '' },
    ];
  }
  const address = controlAddressOf(topology, node);
  return ['saddr', 'daddr'].map((side) => ({
    node: null,
    device: 'lo',
    hook: 'egress' as const,
    match: `ip ${side} ${address}`,
  }));
}
