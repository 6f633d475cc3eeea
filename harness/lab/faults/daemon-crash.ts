/** A crash of one of a router's daemons (SIGKILL). */
import { changeResult } from '../mininet/protocol.js';
import { daemonOf, daemonPid } from './daemons.js';
import type { FaultDefinition } from './fault.js';
import { onlyNode } from './target.js';

/** Heal: it is started again; where it is zebra, the others as well, as by FRR's own watchdog. */
const daemonCrash: FaultDefinition = {
  async prepare({ bridge }, fault, target) {
    const node = onlyNode(fault, target);
    const daemon = daemonOf(fault);
    await daemonPid(bridge, node, daemon);
    return {
      inject: () => bridge.ownVerb(node, 'crashDaemon', { daemon }, changeResult),
      heal: () => bridge.ownVerb(node, 'restoreDaemon', { daemon }, changeResult),
    };
  },
};

export default daemonCrash;
