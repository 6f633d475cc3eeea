/**
 * What a machine can do, as far as scenarios care. Measured by the doctor; used by validation, so
 * that what the kernel cannot do is said before anything starts.
 */
import * as z from 'zod';

export const capabilitiesSchema = z.object({
  /** `sch_netem`: delay and jitter (and reordering) on links. */
  netem: z.boolean(),
  tbf: z.boolean(),
  htb: z.boolean(),
  /** nftables with the netdev ingress and egress hooks: every fault and loss that a filter makes. */
  nftIngress: z.boolean(),
  nftEgress: z.boolean(),
  /** Linux bonding: without it, bonds of hosts are Open vSwitch's. */
  bonding: z.boolean(),
  /** VLAN devices (8021q): without them, hosts that tag have an Open vSwitch. */
  vlans: z.boolean(),
  /** The openvswitch kernel module is loaded or loadable. */
  ovsKernelDatapath: z.boolean(),
  /** `/dev/net/tun` can be opened by this user: the userspace datapath needs it. */
  tunDevice: z.boolean(),
  /** Version of Open vSwitch, such as `3.1.0`; null when it is not installed. */
  ovsVersion: z.string().nullable(),
  iperf3Version: z.string().nullable(),
  /** TCP congestion controls of the kernel, as loaded; left out where not known. */
  congestionControls: z.array(z.string()).optional(),
  /** Largest buffer that a socket may ask for and iperf3 sees granted; left out where not known. */
  socketBufferMaxBytes: z.number().optional(),
});

export type Capabilities = z.infer<typeof capabilitiesSchema>;
