/** A hang of a controller (SIGSTOP), which only timers show. */
import { LabError } from '../../errors.js';
import type { FaultDefinition } from './fault.js';
import { hangSignals, signalled } from './switch-processes.js';

/** Heal: SIGCONT. */
const controllerHang: FaultDefinition = {
  prepare({ bridge, controller }, _fault, target) {
    const pid = controller.pidOf(target.controllerInstance ?? 0);
    if (pid === undefined)
      throw new LabError('FAULT_NOT_APPLIED', 'The controller is not running.');
    return {
      inject: () => signalled(bridge, [pid], hangSignals.stop, null),
      heal: () => signalled(bridge, [pid], hangSignals.resume, null),
    };
  },
};

export default controllerHang;
