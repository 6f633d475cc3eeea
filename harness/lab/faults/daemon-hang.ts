/** A hang of one of a router's daemons (SIGSTOP). */
import { daemonOf, daemonPid } from './daemons.js';
import type { FaultDefinition } from './fault.js';
import { hangSignals, signalled } from './switch-processes.js';
import { onlyNode } from './target.js';

/** Heal: SIGCONT. */
const daemonHang: FaultDefinition = {
  async prepare({ bridge }, fault, target) {
    const node = onlyNode(fault, target);
    const daemon = daemonOf(fault);
    const pid = await daemonPid(bridge, node, daemon);
    return {
      inject: () => signalled(bridge, [pid], hangSignals.stop, node, daemon),
      heal: () => signalled(bridge, [pid], hangSignals.resume, node, daemon),
    };
  },
};

export default daemonHang;
