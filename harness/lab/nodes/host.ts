/** Hosts pass nothing on. */
import type { NodeDefinition } from './node.js';

const host: NodeDefinition = { outputs: async () => [] };

export default host;
