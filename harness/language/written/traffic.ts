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
  /**
   * So long from its start no row of the flow counts (`iperf3 -O`), for example TCP's slow start:
   * whole seconds, `'1s'` to `'60s'`. It must be over 1 s before a fault comes.
   */
  omit?: Duration;
  /**
   * Send and receive buffer of each socket (`iperf3 -w`), `'4096B'` or more; of TCP it bounds the
   * window. The kernel doubles it for its own book-keeping. Left out: the kernel's own.
   */
  window?: ByteSize;
  /**
   * Code point (DSCP) of the packets with data, in both directions of a bidirectional flow: 0 to 63
   * or a name such as `'ef'`, `'af41'` or `'cs1'`. Left out: 0.
   */
  dscp?: number | DscpName;
}

/** Names of code points (RFC 2474, RFC 2597, RFC 3246, RFC 8622). */
export type DscpName =
  | 'cs0'
  | 'cs1'
  | 'cs2'
  | 'cs3'
  | 'cs4'
  | 'cs5'
  | 'cs6'
  | 'cs7'
  | 'af11'
  | 'af12'
  | 'af13'
  | 'af21'
  | 'af22'
  | 'af23'
  | 'af31'
  | 'af32'
  | 'af33'
  | 'af41'
  | 'af42'
  | 'af43'
  | 'ef'
  | 'va'
  | 'le';

export interface TcpFlowOptions extends FlowOptions {
  protocol?: 'tcp';
  /**
   * Largest segment (`iperf3 -M`). Through tunnels it must be stated, and must fit: GRE over 1500
   * bytes leaves 1422.
   */
  mss?: ByteSize;
  /**
   * Congestion control of the sender (`iperf3 -C`), such as `'cubic'` or `'bbr'`; the machine's
   * kernel must have it. Left out: the kernel's default.
   */
  congestion?: string;
  /** Send by sendfile(2), which copies less (`iperf3 -Z`). */
  zerocopy?: boolean;
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
 * iperf3('h4', 'h3', { mss: '1400B', congestion: 'cubic', omit: '2s', dscp: 'ef' })
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
