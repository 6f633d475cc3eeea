/** Where it sends a packet is in its flow tables. */
import type { NodeDefinition } from './node.js';
import { openFlowOutputs } from './openflow-outputs.js';

const definition: NodeDefinition = { outputs: openFlowOutputs };

export default definition;
