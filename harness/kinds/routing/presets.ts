/** Routing by name, to be put in place of what a scenario's routers have: `--routing ospf-bfd`. */
import type { RoutingName } from '../../model/routing-names.js';
import { bird, frr, quickOspf, type RoutingSuite } from './suite.js';

const quickIsis = {
  hello: '1s',
  multiplier: 3,
  spf: { delay: '10ms', hold: '50ms', max: '500ms' },
} as const;
const bgp = { keepalive: '3s', hold: '9s' } as const;
const bfd = { interval: '100ms', multiplier: 3 } as const;

/** The first of a family has default timers, or those of BGP in data centres (3 s, 9 s). */
export const routingPresets: Readonly<Record<RoutingName, RoutingSuite>> = {
  ospf: frr({ ospf: {} }),
  'ospf-tuned': frr({ ospf: quickOspf }),
  'ospf-bfd': frr({ ospf: quickOspf, bfd }),
  bgp: frr({ bgp }),
  'bgp-bfd': frr({ bgp, bfd }),
  isis: frr({ isis: quickIsis }),
  'isis-bfd': frr({ isis: quickIsis, bfd }),
  'bird-ospf': bird({ ospf: { hello: '1s', dead: '4s', retransmit: '2s' } }),
  'bird-ospf-bfd': bird({ ospf: { hello: '1s', dead: '4s', retransmit: '2s' }, bfd }),
  'bird-bgp': bird({ bgp }),
  'bird-bgp-bfd': bird({ bgp, bfd }),
};
