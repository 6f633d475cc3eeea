/** Faults of one ovs-vswitchd: a crash, which closes its connections, and a hang, which does not. */
import { LabError } from '../errors.js';
import type { BridgeClient } from '../mininet/client.js';
import type { Change, FaultDefinition } from './fault.js';
import { onlyNode } from './target.js';

const sigcont = 18;
const sigstop = 19;

/** SIGKILL. Heal: the daemon is started again and gets its addresses back. */
export const vswitchdCrash: FaultDefinition = {
  kind: 'vswitchd-crash',
  async inject({ bridge }, fault, target) {
    const node = onlyNode(fault, target);
    const injected = await bridge.change('crashVswitchd', node);
    return { injected, heal: () => bridge.change('restartVswitchd', node) };
  },
};

/** SIGSTOP. Heal: SIGCONT. */
export const vswitchdHang: FaultDefinition = {
  kind: 'vswitchd-hang',
  async inject({ bridge }, fault, target) {
    const node = onlyNode(fault, target);
    await bridge.refresh();
    const pid = bridge.node(node).ovs?.processes['ovs-vswitchd'];
    if (pid === undefined) throw new LabError('FAULT_NOT_APPLIED', `${node} runs no ovs-vswitchd.`);
    const injected = await signalled(bridge, [pid], sigstop, `ovs-vswitchd of ${node}`);
    return {
      injected,
      heal: () => signalled(bridge, [pid], sigcont, `ovs-vswitchd of ${node}`),
    };
  },
};

/** Stop or continue processes, and read their states back: T is stopped. */
export async function signalled(
  bridge: BridgeClient,
  pids: number[],
  signal: typeof sigstop | typeof sigcont,
  whose: string,
): Promise<Change> {
  const { states, beforeNs, afterNs } = await bridge.signal(pids, signal);
  const seen = Object.values(states);
  const stopped = (state: string | null) => state === 'T' || state === 't';
  const verified =
    seen.length > 0 &&
    seen.every((state) => state !== null && stopped(state) === (signal === sigstop));
  const evidence = `${whose} (process ${pids.join(', ')}) is in state ${seen.join(', ')}`;
  return { beforeNs, afterNs, verified, evidence };
}

/** Signal numbers for those who stop and continue other processes. */
export const hangSignals = { stop: sigstop, resume: sigcont } as const;
