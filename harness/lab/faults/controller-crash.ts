/** A crash of a controller (SIGKILL), which TCP shows at once. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../../clock.js';
import { LabError } from '../../errors.js';
import type { Change, ControllerTarget, FaultDefinition } from './fault.js';

const goneWithinMs = 2000;

/** Heal: the instance is started again. */
const controllerCrash: FaultDefinition = {
  prepare({ controller }, _fault, target) {
    const instance = target.controllerInstance ?? 0;
    if (controller.pidOf(instance) === undefined)
      throw new LabError('FAULT_NOT_APPLIED', 'The controller is not running.');
    return {
      async inject() {
        const beforeNs = nowNs();
        const pid = controller.crash(instance);
        const afterNs = nowNs();
        const gone = await isGone(pid);
        const evidence = { code: 'controller-ended' as const, data: { pid, gone } };
        return { beforeNs, afterNs, verified: gone, evidence };
      },
      heal: () => restarted(controller, instance),
    };
  },
};

export default controllerCrash;

async function isGone(pid: number): Promise<boolean> {
  const deadline = nowNs() + goneWithinMs * 1e6;
  while (existsSync(`/proc/${pid}`)) {
    if (nowNs() > deadline) return false;
    await sleep(5);
  }
  return true;
}

async function restarted(controller: ControllerTarget, instance: number): Promise<Change> {
  const beforeNs = nowNs();
  // A crash that failed left it running, and so may an earlier try that did not see it ready.
  await controller.restart(instance);
  const pid = controller.pidOf(instance);
  const evidence = { code: 'controller-ready' as const, data: { pid: pid ?? null } };
  return { beforeNs, afterNs: nowNs(), verified: pid !== undefined, evidence };
}
