/** A bridge in the lab's shared ovs-vswitchd (a plain Mininet switch). */
import * as z from 'zod';
import { nodeFacts, openVSwitchFields } from '../node-facts.js';

export default nodeFacts({
  kind: 'switch',
  traits: ['forwards', 'root-namespace', 'open-vswitch', 'calls-controller'],
  fields: {
    ...openVSwitchFields,
    /** OpenFlow versions it accepts; left out: 1.0 and 1.3. */
    protocols: z.array(z.string()).optional(),
    /** It is not connected to the controller (Mininet's OVSBridge). */
    withoutController: z.literal(true).optional(),
  },
});
