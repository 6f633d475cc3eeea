/** What links and tunnels can have. */
import type { Bitrate, ByteSize, Duration, Percent } from '../../model/units.js';
import type { Vlan } from './vlan.js';

/** What a piece of wire does to the packets on it. Left out: nothing. */
export interface WireOptions {
  /** Rate limit, at most `'1Gbit/s'`. A link queues what exceeds it (tbf), a tunnel drops it (nft). */
  bandwidth?: Bitrate;
  /** One-way delay. Needs `sch_netem` in the kernel; `failover-lab doctor` tells. */
  delay?: Duration;
  /** Variation of the delay; needs a `delay`. */
  jitter?: Duration;
  /** Random loss in each direction. Works without netem. */
  loss?: Percent;
}

export interface LinkOptions extends WireOptions {
  /** Name of the link for faults and reports; left out: `<a>-<b>`. */
  id?: string;
  /** Length of the queue in packets. */
  queue?: number;
  /** MTU of both ends; left out: `'1500B'`. */
  mtu?: ByteSize;
}

export interface PlainLinkOptions extends LinkOptions {
  /**
   * Whether an end sees that the other one has gone: `'seen'`, as on a fibre from port to port, or
   * `'hidden'`, as across a provider's network, where only timers show it. Left out: `'seen'`.
   */
  carrier?: 'seen' | 'hidden';
  /** What it costs routing protocols to cross the link, 1 to 65535. Left out: 10. */
  metric?: number;
  /** What of VLANs it carries: `10`, `{ trunk: [10, 20], native: 1 }` or `{ tagged: 10 }`. Left out: nothing. */
  vlan?: Vlan;
}
