/** On the host's own network and Open vSwitch; processes and files stay the lab's own. */
import type { SiteKind } from '../site.js';

export default {
  name: 'none',
  order: 40,
  option: "on this host's own network and Open vSwitch",
  auto: null,
  datapath: 'user',
  load: async () => (await import('./site.js')).default,
} as const satisfies SiteKind;
