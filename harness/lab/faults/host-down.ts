/** A host goes dark. The programs of the traffic run on it, so nothing is killed. */
import { darkNode } from './dark-node.js';
import type { FaultDefinition } from './fault.js';
import { onlyNode } from './target.js';

/** Its own interfaces stay set up: it would lose its routes. */
const hostDown: FaultDefinition = {
  prepare: (context, fault, target) =>
    darkNode(context, fault.id, onlyNode(fault, target), { down: 'neighbour' }),
};

export default hostDown;
