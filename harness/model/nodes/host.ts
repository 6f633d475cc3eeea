/** A Mininet host. Addresses are in CIDR form; the interface with the lowest number carries them. */
import * as z from 'zod';
import { nodeFacts } from '../node-facts.js';

export default nodeFacts({
  kind: 'host',
  traits: ['end-point'],
  fields: {
    mac: z.string(),
    /** Address for people and iperf3, CIDR. */
    address: z.string(),
    /** A second address on the same interface, for meters with addresses of their own; CIDR. */
    meterAddress: z.string().optional(),
    /** `via <address>` and `dev <interface>`, as `ip route` takes them; of Mininet files alone. */
    defaultRoute: z.string().optional(),
  },
});
