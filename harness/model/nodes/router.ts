/** A router: a machine of its own on which the daemons of a routing suite run. */
import * as z from 'zod';
import { nodeFacts } from '../node-facts.js';
import { routingProtocols, routingSession } from '../routing.js';

export default nodeFacts({
  kind: 'router',
  traits: ['forwards', 'routes', 'loses-power'],
  fields: {
    suite: z.enum(['frr', 'bird', 'keepalived', 'kernel']),
    /** CIDR; its address is the router's id as well. */
    loopback: z.string(),
    /** In the order of its links. */
    interfaces: z.array(
      z.object({
        port: z.string(),
        link: z.string(),
        /** CIDR. */
        address: z.string(),
        /** Hosts are in its subnet. */
        hosts: z.boolean(),
        /** Other routers in its subnet. */
        routers: z.array(z.string()),
      }),
    ),
    protocols: routingProtocols,
    /** The user's own; vtysh gives it to FRR's daemons once they run. */
    configFile: z
      .object({ path: z.string(), program: z.enum(['vtysh', 'bird']), config: z.string() })
      .optional(),
    /** All that must be up before the network is ready. */
    sessions: z.array(routingSession),
    /** The daemons in the order of their start, each with the text of its configuration. */
    daemons: z.array(z.object({ program: z.string(), config: z.string() })),
  },
});
