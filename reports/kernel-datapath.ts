/** What the kernel's datapath makes of a fault that stops ovs-vswitchd alone. */
import { faultsWhich } from '../harness/kinds/fault-tables.js';
import type { RunResult } from '../harness/model/result.js';

const daemonOnly = faultsWhich(({ kernelForwards }) => kernelForwards === true);

/** Null where it makes no difference. Pure. */
export function kernelDatapathText({ environment, trials }: RunResult): string | null {
  if (environment.datapath !== 'kernel') return null;
  const hit = trials.flatMap(({ episodes }) => episodes).some(({ kind }) => daemonOnly.has(kind));
  if (!hit) return null;
  return (
    'The kernel forwards packets of flows that it knew without ovs-vswitchd, so that traffic ' +
    'that ran before the fault may continue. With the userspace datapath it stops.'
  );
}
