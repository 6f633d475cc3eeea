/** A hang of one of a router's daemons (SIGSTOP). */
import { daemonOf, daemonPids } from './daemons.js';
import type { FaultDefinition } from './fault.js';
import { hangSignals, signalled } from './switch-processes.js';
import { onlyNode } from './target.js';

/** Heal: SIGCONT. */
const daemonHang: FaultDefinition = {
  async prepare({ bridge }, fault, target) {
    const node = onlyNode(fault, target);
    const daemon = daemonOf(fault);
    const pids = await daemonPids(bridge, node, daemon);
    return {
      inject: () => signalled(bridge, pids, hangSignals.stop, node, daemon),
      heal: () => signalled(bridge, pids, hangSignals.resume, node, daemon),
    };
  },
};

export default daemonHang;
