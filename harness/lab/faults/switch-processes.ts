/** The processes of a node's Open vSwitch, and stopping processes without ending them. */
import { LabError } from '../../errors.js';
import type { BridgeClient } from '../mininet/client.js';
import type { Change } from './fault.js';

const sigcont = 18;
const sigstop = 19;

/** Process ids of a node's Open vSwitch now, by program; a dead daemon has none. */
async function switchProcesses(
  bridge: BridgeClient,
  node: string,
): Promise<Record<string, number>> {
  await bridge.refresh();
  return bridge.node(node).ovs?.processes ?? {};
}

/** Process id of a node's ovs-vswitchd. Throws FAULT_NOT_APPLIED when it runs none. */
export async function vswitchdOf(bridge: BridgeClient, node: string): Promise<number> {
  const pid = (await switchProcesses(bridge, node))['ovs-vswitchd'];
  if (pid === undefined) throw new LabError('FAULT_NOT_APPLIED', `${node} runs no ovs-vswitchd.`);
  return pid;
}

/**
 * Stop or continue processes, and read their states back: T is stopped. A process that died
 * meanwhile is stopped no more.
 */
export async function signalled(
  bridge: BridgeClient,
  pids: number[],
  signal: typeof sigstop | typeof sigcont,
  node: string | null,
  program?: string,
): Promise<Change> {
  const { states: read, beforeNs, afterNs } = await bridge.signal(pids, signal);
  const seen = Object.values(read);
  const stopped = (state: string | null) => state === 'T' || state === 't';
  const verified =
    seen.length > 0 &&
    seen.every((state) => (signal === sigstop ? stopped(state) : !stopped(state)));
  const states = Object.entries(read).map(([pid, state]) => ({ pid: Number(pid), state }));
  const evidence = {
    code: 'process-states' as const,
    data: { node, ...(program === undefined ? {} : { program }), states },
  };
  return { beforeNs, afterNs, verified, evidence };
}

/** Signal numbers for those who stop and continue other processes. */
export const hangSignals = { stop: sigstop, resume: sigcont } as const;
