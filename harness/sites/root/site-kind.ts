/** Namespaces that root opens. */
import type { SiteKind } from '../site.js';

export default {
  name: 'root',
  order: 10,
  option: 'in namespaces, opened by root',
  auto: 'root',
  datapath: 'user',
  load: async () => (await import('./site.js')).default,
} as const satisfies SiteKind;
