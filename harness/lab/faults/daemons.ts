/** The daemons of a router, as faults meet them. */
import * as z from 'zod';
import { LabError } from '../../errors.js';
import type { ResolvedFault } from '../../model/resolved.js';
import type { BridgeClient } from '../mininet/client.js';

/** The processes of each daemon that runs. */
const running = z.record(z.string(), z.array(z.number()));

/** The daemon that a fault names. Throws INTERNAL: resolving has checked it. */
export function daemonOf({ kind, parameters }: ResolvedFault): string {
  if (typeof parameters.daemon === 'string') return parameters.daemon;
  throw new LabError('INTERNAL', `${kind} names no daemon.`);
}

/** Its process ids. Throws FAULT_NOT_APPLIED when it does not run. */
export async function daemonPids(
  bridge: BridgeClient,
  node: string,
  daemon: string,
): Promise<number[]> {
  const pids = await bridge.ownVerb(node, 'daemons', {}, running);
  const pid = pids[daemon];
  if (pid !== undefined) return pid;
  throw new LabError(
    'FAULT_NOT_APPLIED',
    `${node} runs no ${daemon} (it runs: ${Object.keys(pids).join(', ') || 'none'}).`,
  );
}
