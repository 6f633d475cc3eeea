/** A router stops announcing a prefix: the configuration of its running daemons is changed. */
import { LabError } from '../../errors.js';
import { changeResult } from '../mininet/protocol.js';
import type { FaultDefinition } from './fault.js';
import { onlyNode } from './target.js';

const withdraw: FaultDefinition = {
  prepare({ bridge }, fault, target) {
    const node = onlyNode(fault, target);
    const { prefix } = fault.parameters;
    if (typeof prefix !== 'string') throw new LabError('INTERNAL', 'withdraw has no prefix.');
    return {
      inject: () => bridge.ownVerb(node, 'withdraw', { prefix }, changeResult),
      heal: () => bridge.ownVerb(node, 'announce', { prefix }, changeResult),
    };
  },
};

export default withdraw;
