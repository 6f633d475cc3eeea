/** A crash of one of a router's daemons (SIGKILL). */
import { nowNs } from '../../clock.js';
import { changeResult } from '../mininet/protocol.js';
import { daemonOf, daemonPids } from './daemons.js';
import type { Change, FaultDefinition } from './fault.js';
import { pause } from './pause.js';
import { onlyNode } from './target.js';
import { failedChange } from './unproven.js';

/** Heal: it is started again; where it is zebra, the others as well, as by FRR's own watchdog. */
const daemonCrash: FaultDefinition = {
  async prepare({ bridge, transition }, fault, target) {
    const node = onlyNode(fault, target);
    const daemon = daemonOf(fault);
    const { watchdogMs } = fault.parameters;
    await daemonPids(bridge, node, daemon);
    const restore = () => bridge.ownVerb(node, 'restoreDaemon', { daemon }, changeResult);
    const stop = new AbortController();
    let watching: Promise<void> = Promise.resolve();
    const watch = async (afterMs: number) => {
      await pause(afterMs, stop.signal);
      if (stop.signal.aborted) return;
      const beforeNs = nowNs();
      const made: Change = await restore().catch((thrown) => {
        return { beforeNs, afterNs: nowNs(), verified: false, evidence: failedChange(thrown) };
      });
      transition({ state: 'up', ...made });
    };
    return {
      async inject() {
        const injected = await bridge.ownVerb(node, 'crashDaemon', { daemon }, changeResult);
        if (typeof watchdogMs === 'number') watching = watch(watchdogMs);
        return injected;
      },
      async heal() {
        stop.abort();
        await watching;
        // What the watchdog has started runs on, and is read back here.
        return restore();
      },
    };
  },
};

export default daemonCrash;
