/** A crash of one ovs-vswitchd (SIGKILL), which closes its connections. */
import type { FaultDefinition } from './fault.js';
import { vswitchdOf } from './switch-processes.js';
import { onlyNode } from './target.js';

/** Heal: the daemon is started again and gets its addresses back. */
const vswitchdCrash: FaultDefinition = {
  async prepare({ bridge }, fault, target) {
    const node = onlyNode(fault, target);
    await vswitchdOf(bridge, node);
    return {
      inject: () => bridge.change('crashVswitchd', node),
      heal: () => bridge.change('restartVswitchd', node),
    };
  },
};

export default vswitchdCrash;
