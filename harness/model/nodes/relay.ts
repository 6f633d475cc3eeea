/** An overlay node: a machine of its own with its own ovsdb-server and ovs-vswitchd. */
import * as z from 'zod';
import { nodeFacts, openVSwitchFields } from '../node-facts.js';

export default nodeFacts({
  kind: 'relay',
  traits: [
    'forwards',
    'loses-power',
    'open-vswitch',
    'own-open-vswitch',
    'calls-controller',
    'control-interface',
    'fabric-address',
  ],
  fields: {
    dpid: openVSwitchFields.dpid,
    /** Address on the underlay fabric, CIDR. */
    underlayAddress: z.string(),
    spanningTree: openVSwitchFields.spanningTree,
    failMode: openVSwitchFields.failMode,
  },
});
