/** A restart of one of a router's daemons (SIGTERM, and a new process). */
import { changeResult } from '../mininet/protocol.js';
import { daemonOf, daemonPids } from './daemons.js';
import type { FaultDefinition } from './fault.js';
import { onlyNode } from './target.js';

/** Heal: nothing is left to undo but a start that failed. */
const daemonRestart: FaultDefinition = {
  async prepare({ bridge }, fault, target) {
    const node = onlyNode(fault, target);
    const daemon = daemonOf(fault);
    await daemonPids(bridge, node, daemon);
    return {
      inject: () => bridge.ownVerb(node, 'restartDaemon', { daemon }, changeResult),
      heal: () => bridge.ownVerb(node, 'restoreDaemon', { daemon }, changeResult),
    };
  },
};

export default daemonRestart;
