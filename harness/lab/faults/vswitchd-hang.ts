/** A hang of one ovs-vswitchd (SIGSTOP), which closes none of its connections. */
import type { FaultDefinition } from './fault.js';
import { hangSignals, signalled, vswitchdOf } from './switch-processes.js';
import { onlyNode } from './target.js';

/** Heal: SIGCONT. */
const vswitchdHang: FaultDefinition = {
  async prepare({ bridge }, fault, target) {
    const node = onlyNode(fault, target);
    const pid = await vswitchdOf(bridge, node);
    return {
      inject: () => signalled(bridge, [pid], hangSignals.stop, node),
      heal: () => signalled(bridge, [pid], hangSignals.resume, node),
    };
  },
};

export default vswitchdHang;
