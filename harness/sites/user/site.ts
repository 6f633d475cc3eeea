import { namespaceSite } from '../namespaces/site.js';
import type { SiteProgram } from '../site.js';

const program: SiteProgram = {
  on: async (machine) => namespaceSite('user', machine, { asUser: true }),
};
export default program;
