import { needsRoot } from '../namespaces/needs-root.js';
import { namespaceSite } from '../namespaces/site.js';
import type { SiteProgram } from '../site.js';

const program: SiteProgram = {
  on: async (machine) =>
    machine.userId === 0 ? namespaceSite('root', machine) : needsRoot('root', machine.userId),
};
export default program;
