/**
 * Power off: data and control interfaces are cut, then every process of the node is killed. Nobody
 * hears a farewell. Heal: power on; the node boots with its configuration and without flows.
 */
import type { FaultDefinition } from './fault.js';
import { onlyNode } from './target.js';

export const powerOff: FaultDefinition = {
  kind: 'power-off',
  async inject({ bridge }, fault, target) {
    const node = onlyNode(fault, target);
    const injected = await bridge.change('powerOff', node);
    return { injected, heal: () => bridge.change('powerOn', node) };
  },
};
