/** A guest whose clock moves only when nothing is left to compute. */
import type { SiteKind } from '../site.js';

export default {
  name: 'vm',
  order: 50,
  option: 'in a guest with a virtual clock, an ordinary process of any user',
  auto: null,
  datapath: 'kernel',
  load: async () => (await import('./site.js')).default,
} as const satisfies SiteKind;
