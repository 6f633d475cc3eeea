/** A plain switch goes dark. It shares its ovs-vswitchd with others, so nothing can be killed. */
import { channelPoints } from './control-channel.js';
import { darkNode } from './dark-node.js';
import type { FaultDefinition } from './fault.js';
import { onlyNode } from './target.js';

const switchDown: FaultDefinition = {
  prepare(context, fault, target) {
    const node = onlyNode(fault, target);
    const more = context.controllerPorts.length === 0 ? [] : channelPoints(context.topology, node);
    // A host at the other end keeps its routes.
    return darkNode(context, fault.id, node, { down: 'own', more });
  },
};

export default switchDown;
