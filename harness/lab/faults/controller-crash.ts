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
        const verified = await isGone(pid);
        const evidence = `controller process ${pid} ${verified ? 'is gone' : 'still exists'}`;
        return { beforeNs, afterNs, verified, evidence };
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
  const evidence = `the controller runs as process ${pid} and is ready`;
  return { beforeNs, afterNs: nowNs(), verified: pid !== undefined, evidence };
}
