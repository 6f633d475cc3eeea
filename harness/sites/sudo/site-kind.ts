/** Root's namespaces, opened by an ordinary user through a sudo that asks for no password. */
import type { SiteKind } from '../site.js';

export default {
  name: 'sudo',
  order: 30,
  option: null,
  auto: 'user',
  datapath: 'user',
  load: async () => (await import('./site.js')).default,
} as const satisfies SiteKind;
