/**
 * Power off: every process of the node is frozen, its interfaces are cut together, then the
 * processes are killed, so that no farewell leaves the node. Heal: power on; the node boots with its
 * configuration and without flows.
 */
import { LabError } from '../../errors.js';
import type { FaultDefinition } from './fault.js';
import { onlyNode } from './target.js';

const powerOff: FaultDefinition = {
  async prepare({ bridge }, fault, target) {
    const node = onlyNode(fault, target);
    await bridge.refresh();
    const { ovs } = bridge.node(node);
    if (ovs && Object.keys(ovs.processes).length === 0) {
      throw new LabError(
        'FAULT_NOT_APPLIED',
        `${node} runs no process: it is already without power.`,
        {
          hint: 'Heal the fault that took its power first, or target another node.',
        },
      );
    }
    return {
      inject: () => bridge.change('powerOff', node),
      heal: () => bridge.change('powerOn', node),
    };
  },
};

export default powerOff;
