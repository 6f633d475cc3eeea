/** What runs over the network while it is hurt. */
import type { Bitrate, ByteSize, Duration } from '../../model/units.js';

interface FlowOptions {
  /** Name of the flow; left out: `tcp-<from>-<to>`. */
  id?: string;
  /** Cap over all streams, or `'unlimited'`. Left out: `'100Mbit/s'`. */
  bitrate?: Bitrate | 'unlimited';
  /** Width of a reported interval, `'0.1s'` to `'60s'`. Left out: `'0.1s'`. */
  interval?: Duration;
  /** Parallel streams, 1 to 128. */
  parallel?: number;
  /** The server sends. */
  reverse?: boolean;
  /** Both send. */
  bidirectional?: boolean;
  /**
   * After the start of traffic, the clock of the timeline; left out: at once. The run lasts until
   * it has been seen for `limits.sustainedFor`.
   */
  start?: Duration;
  /** After the start of traffic; left out: when the run ends. The run lasts at least as long. */
  stop?: Duration;
}

export interface TcpFlowOptions extends FlowOptions {
  protocol?: 'tcp';
  /**
   * Largest segment (`iperf3 -M`). Through tunnels it must be stated, and must fit: GRE over 1500
   * bytes leaves 1422.
   */
  mss?: ByteSize;
}

export interface UdpFlowOptions extends FlowOptions {
  protocol: 'udp';
  /** Payload of a datagram (`iperf3 -l`); left out: the largest that fits, at most 1460. */
  length?: ByteSize;
}

export type Flow = { kind: 'iperf3'; from: string; to: string } & (TcpFlowOptions | UdpFlowOptions);

export interface MeterOptions {
  /** Name of the meter; left out: `<from>-<to>`. */
  id?: string;
  /**
   * Probes a second in each direction, 0.1 to 8000. Left out: 1000, a resolution of 1 ms. Every
   * probe keeps the flows alive that it matches: a sparse meter (`0.2`, a resolution of 5 s) lets
   * flows with an idle timeout expire.
   */
  rateHz?: number;
  /**
   * `'hosts'`: probes run between the hosts' own addresses, as the traffic does, on UDP ports of
   * their own. `'own'`: between further addresses of the hosts (198.18.0.0/15, RFC 2544), so that
   * a controller that makes flows by address makes other flows for probes than for traffic.
   * Left out: `'hosts'`.
   */
  addresses?: 'hosts' | 'own';
  /** Payload of a probe, at least `'32B'`. Left out: `'64B'`. */
  payload?: ByteSize;
  /**
   * Probes are spread over so many flows (UDP ports of the first host), 1 to 256, which routers send
   * over equal ways. Each is judged by itself: an outage is that of the flow that was dark longest,
   * at a resolution of all flows' probes. Left out: 1.
   */
  flows?: number;
}

export interface Meter extends MeterOptions {
  kind: 'meter';
  from: string;
  to: string;
}

export type Traffic = Flow | Meter;

/**
 * An iperf3 client on `from` and server on `to`.
 *
 * @example
 * iperf3('h4', 'h3', { mss: '1400B', bitrate: '100Mbit/s' })
 * iperf3('h4', 'h3', { protocol: 'udp', bitrate: '10Mbit/s' })
 */
export const iperf3 = (
  from: string,
  to: string,
  options: TcpFlowOptions | UdpFlowOptions = {},
): Flow => ({ ...options, kind: 'iperf3', from, to });

/**
 * Numbered probes in both directions: the network outage is measured with them. Each pair of hosts
 * with an iperf3 flow gets one without asking.
 *
 * @example
 * meter('h1', 'h2', { rateHz: 500 })
 * meter('h1', 'h2', { rateHz: 0.2 })
 * meter('h1', 'h2', { rateHz: 4000, flows: 40 })
 */
export const meter = (from: string, to: string, options: MeterOptions = {}): Meter => ({
  ...options,
  kind: 'meter',
  from,
  to,
});
