/** Namespaces inside a user namespace: without root. */
import type { SiteKind } from '../site.js';

export default {
  name: 'user',
  order: 20,
  option: 'in a user namespace, without root',
  auto: 'user',
  datapath: 'user',
  load: async () => (await import('./site.js')).default,
} as const satisfies SiteKind;
