/** The faults that can be written. What each does to a real network: `harness/faults/`. */
import type { Bitrate, ByteSize, Duration, Percent } from '../units.js';
import type { Target } from './targets.js';

export interface FaultOptions {
  /** Name of the fault, for `heal('name')` and `after(recovered.from('name'), …)`. */
  as?: string;
}

export interface DirectedOptions extends FaultOptions {
  /**
   * One way only: `'forward'` is from the first to the second end of a link as it is written, or
   * from → to of a role such as `linkOnPath`. Left out: `'both'`.
   */
  direction?: 'both' | 'forward' | 'reverse';
}

interface Hits {
  target: Target;
}

export type Fault =
  | (FaultOptions & Hits & { kind: 'power-off' | 'vswitchd-crash' | 'vswitchd-hang' })
  | (FaultOptions & Hits & { kind: 'link-down' | 'control-channel-loss' })
  | (DirectedOptions & Hits & { kind: 'cable-cut' | 'blackhole' })
  | (DirectedOptions & Hits & { kind: 'packet-loss' | 'bfd-packet-loss'; loss: Percent })
  | (FaultOptions & Hits & { kind: 'control-packet-loss'; loss: Percent })
  | (DirectedOptions & Hits & { kind: 'large-packet-loss'; largerThan: ByteSize })
  | (DirectedOptions & Hits & { kind: 'rate-collapse'; bitrate: Bitrate })
  | (DirectedOptions & Hits & { kind: 'delay'; delay: Duration; jitter?: Duration })
  | (FaultOptions & Hits & FlapOptions & { kind: 'flap' })
  | (FaultOptions & { kind: 'partition'; nodes: readonly string[] })
  | (FaultOptions & { kind: 'controller-crash' | 'controller-hang'; instance: number });

/**
 * A relay loses its power: its network cards go silent, then its processes die. Nobody is told.
 *
 * @example
 * at('5s', powerOff(relayOnPath('h4', 'h3')))
 */
export const powerOff = (target: Target, options: FaultOptions = {}): Fault => ({
  ...options,
  kind: 'power-off',
  target,
});

/**
 * The ovs-vswitchd of a relay is killed (SIGKILL). Its control connection closes, so a controller
 * hears of it within milliseconds.
 *
 * @example
 * at('5s', vswitchdCrash('r1'))
 */
export const vswitchdCrash = (target: Target, options: FaultOptions = {}): Fault => ({
  ...options,
  kind: 'vswitchd-crash',
  target,
});

/**
 * The ovs-vswitchd of a relay hangs (SIGSTOP): connections stay open, nothing is answered.
 *
 * @example
 * at('5s', vswitchdHang('r1'))
 */
export const vswitchdHang = (target: Target, options: FaultOptions = {}): Fault => ({
  ...options,
  kind: 'vswitchd-hang',
  target,
});

/**
 * A link goes down; both ends see the carrier go.
 *
 * @example
 * at('5s', linkDown(linkOf('s1', 's2')))
 */
export const linkDown = (target: Target, options: FaultOptions = {}): Fault => ({
  ...options,
  kind: 'link-down',
  target,
});

/**
 * A cable in the underlay is cut somewhere on the way; the ends of the tunnel see no change.
 *
 * @example
 * at('5s', cableCut(linkOf('e3', 'r1')))
 */
export const cableCut = (target: Target, options: DirectedOptions = {}): Fault => ({
  ...options,
  kind: 'cable-cut',
  target,
});

/**
 * Packets vanish silently, in both directions or in one.
 *
 * @example
 * at('5s', blackhole(linkOnPath('h4', 'h3'), { direction: 'forward' }))
 */
export const blackhole = (target: Target, options: DirectedOptions = {}): Fault => ({
  ...options,
  kind: 'blackhole',
  target,
});

/**
 * A share of all packets is lost at random.
 *
 * @example
 * at('5s', packetLoss(linkOnPath('h4', 'h3'), '5%'))
 */
export const packetLoss = (
  target: Target,
  loss: Percent,
  options: DirectedOptions = {},
): Fault => ({ ...options, kind: 'packet-loss', target, loss });

/**
 * Packets above a size vanish, smaller ones pass: a broken path MTU.
 *
 * @example
 * at('5s', largePacketLoss(linkOf('e3', 'r1'), { largerThan: '1000B' }))
 */
export const largePacketLoss = (
  target: Target,
  options: DirectedOptions & { largerThan: ByteSize },
): Fault => ({ ...options, kind: 'large-packet-loss', target });

/**
 * A share of the OpenFlow packets between a node and its controller is lost.
 *
 * @example
 * at('5s', controlPacketLoss('r1', '30%'))
 */
export const controlPacketLoss = (
  target: Target,
  loss: Percent,
  options: FaultOptions = {},
): Fault => ({ ...options, kind: 'control-packet-loss', target, loss });

/**
 * A share of the BFD packets on a tunnel is lost; data passes.
 *
 * @example
 * at('5s', bfdPacketLoss(linkOf('e3', 'r1'), '100%'))
 */
export const bfdPacketLoss = (
  target: Target,
  loss: Percent,
  options: DirectedOptions = {},
): Fault => ({ ...options, kind: 'bfd-packet-loss', target, loss });

/**
 * A link gets slow: no more than this rate passes.
 *
 * @example
 * at('5s', rateCollapse(linkOnPath('h4', 'h3'), '1Mbit/s'))
 */
export const rateCollapse = (
  target: Target,
  bitrate: Bitrate,
  options: DirectedOptions = {},
): Fault => ({ ...options, kind: 'rate-collapse', target, bitrate });

/**
 * Packets take longer. Needs `sch_netem` in the kernel.
 *
 * @example
 * at('5s', addedDelay(linkOf('s1', 's2'), '50ms', { jitter: '5ms' }))
 */
export const addedDelay = (
  target: Target,
  delay: Duration,
  options: DirectedOptions & { jitter?: Duration } = {},
): Fault => ({ ...options, kind: 'delay', target, delay });

export interface FlapOptions {
  /** Length of one down-and-up cycle. */
  period: Duration;
  /** Share of the period that it is down; left out: `'50%'`. */
  down?: Percent;
  /** How it goes down; left out: `'blackhole'`. */
  by?: 'link-down' | 'blackhole' | 'cable-cut';
}

/**
 * A link goes down and comes back, again and again, until healed.
 *
 * @example
 * at('5s', flap(linkOf('e3', 'r1'), { period: '2s', down: '50%' }))
 */
export const flap = (target: Target, options: FlapOptions & FaultOptions): Fault => ({
  ...options,
  kind: 'flap',
  target,
});

/**
 * A set of nodes is cut off from all the others; inside the set packets pass.
 *
 * @example
 * at('5s', partition(['e3', 'r1']))
 */
export const partition = (nodes: readonly string[], options: FaultOptions = {}): Fault => ({
  ...options,
  kind: 'partition',
  nodes,
});

/**
 * A controller process is killed (SIGKILL).
 *
 * @example
 * at('5s', controllerCrash())
 */
export const controllerCrash = (options: FaultOptions & { instance?: number } = {}): Fault => ({
  instance: 0,
  ...options,
  kind: 'controller-crash',
});

/**
 * A controller process hangs (SIGSTOP).
 *
 * @example
 * at('5s', controllerHang({ instance: 1 }))
 */
export const controllerHang = (options: FaultOptions & { instance?: number } = {}): Fault => ({
  instance: 0,
  ...options,
  kind: 'controller-hang',
});

/**
 * One node loses its connection to the controller; its data plane is untouched.
 *
 * @example
 * at('5s', controlChannelLoss(relayOnPath('h4', 'h3')))
 */
export const controlChannelLoss = (target: Target, options: FaultOptions = {}): Fault => ({
  ...options,
  kind: 'control-channel-loss',
  target,
});
