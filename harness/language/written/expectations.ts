/** What must hold. Each expectation is reported with the measured value and its margin. */
import type { ResolvedExpectation } from '../../model/resolved.js';
import type { Bitrate, Duration, Percent } from '../../model/units.js';

type Metric = ResolvedExpectation['metric'];

export interface ExpectationOptions {
  /**
   * Name of a meter or flow; left out: the worst of all meters, or of all TCP flows. A UDP flow
   * speaks where it is named, as finely as iperf3's intervals.
   */
  of?: string;
  /** Name of the fault to which it refers; left out: the first. */
  after?: string;
}

/** Options of quantities that a heal may end. */
export interface HealableOptions extends ExpectationOptions {
  /**
   * What only the heal of the fault ended counts as that long. Left out: it is longer than every
   * bound, since the network did not recover by itself.
   */
  healCounts?: boolean;
}

export interface Expectation extends HealableOptions {
  kind: 'expectation';
  metric: Metric;
  atMost?: string | number;
  atLeast?: string | number;
  /** It applies to any one failure: `sweep` checks it for every single one. */
  everySingleFailure?: true;
  /** For contact: the two hosts. */
  between?: readonly [string, string];
}

/** A quantity that can be bounded from above and from below. */
export interface Bounded<Quantity, Options = ExpectationOptions> {
  /** Fails when the measured value is larger. */
  atMost(bound: Quantity, options?: Options): Expectation;
  /** Fails when the measured value is smaller. */
  atLeast(bound: Quantity, options?: Options): Expectation;
}

/** A quantity of which there may be none at all. */
export interface Avoidable<Quantity, Options = ExpectationOptions>
  extends Bounded<Quantity, Options> {
  /** Fails when there is any. */
  none(options?: Options): Expectation;
}

function bounded<Quantity extends string | number, Options extends object = ExpectationOptions>(
  metric: Metric,
): Bounded<Quantity, Options> {
  return {
    atMost: (atMost, options) => ({ ...options, kind: 'expectation', metric, atMost }),
    atLeast: (atLeast, options) => ({ ...options, kind: 'expectation', metric, atLeast }),
  };
}

function avoidable<Quantity extends string | number, Options extends object = ExpectationOptions>(
  metric: Metric,
  zero: Quantity,
): Avoidable<Quantity, Options> {
  const bounds = bounded<Quantity, Options>(metric);
  return { ...bounds, none: (options) => bounds.atMost(zero, options) };
}

/**
 * How long no packet got through, in the worse direction, by the meter. An outage that only the heal
 * of the fault ended is longer than every bound, unless `healCounts` is set.
 *
 * @example
 * networkOutage.atMost('11s')
 * networkOutage.none()
 * networkOutage.atLeast('200ms', { of: 'h4-h3' }) // must not recover before
 * networkOutage.atMost('6s', { healCounts: true }) // the heal may end it
 */
export const networkOutage = avoidable<Duration, HealableOptions>('networkOutageMs', '0ms');

/**
 * How long nothing arrived at the receiver, in the worse direction, by the kernel's receive stamps.
 * Unlike the network outage it counts the time in which packets were not lost but waited in a queue,
 * such as a controller's. Silences up to 5 ms and an interval of the meter count as none.
 *
 * @example
 * receiverSilence.atMost('500ms')
 */
export const receiverSilence = avoidable<Duration>('receiverSilenceMs', '0ms');

/**
 * How long TCP delivered nothing. Up to twice the network outage, because TCP tries again at
 * doubling intervals.
 *
 * @example
 * tcpStall.atMost('26s')
 */
export const tcpStall = avoidable<Duration, HealableOptions>('tcpStallMs', '0ms');

/**
 * From the fault to 90 % of the rate before it, held for five seconds.
 *
 * @example
 * timeTo90Percent.atMost('30s')
 */
export const timeTo90Percent = bounded<Duration, HealableOptions>('recoveredTo90Ms');

/**
 * Probes lost between fault and recovery, in the worse direction; or datagrams of a UDP flow.
 *
 * @example
 * packetsLost.atMost(400)
 * packetsLost.atMost(40, { of: 'udp-h4-h3' })
 */
export const packetsLost = avoidable<number>('packetsLost', 0);

/**
 * Separate runs of lost probes.
 *
 * @example
 * lossPeriods.atMost(1)
 */
export const lossPeriods = avoidable<number>('lossPeriods', 0);

/**
 * Share of the probes lost outside the outage while the fault is in place.
 *
 * @example
 * lossWhileFaulty.atLeast('2%')
 */
export const lossWhileFaulty = avoidable<Percent>('lossPercent', '0%');

/**
 * From the fault to the moment of its first detection.
 *
 * @example
 * detection.atMost('400ms')
 */
export const detection = bounded<Duration>('detectedMs');

/**
 * From the fault to the moment the controller knew.
 *
 * @example
 * controllerTold.atMost('500ms')
 */
export const controllerTold = bounded<Duration>('controllerToldMs');

/**
 * From the fault to the first change of a flow in a switch.
 *
 * @example
 * firstFlowChange.atMost('1s')
 */
export const firstFlowChange = bounded<Duration>('firstFlowChangeMs');

/**
 * From the fault to the last change of a flow in a switch.
 *
 * @example
 * lastFlowChange.atMost('2s')
 */
export const lastFlowChange = bounded<Duration>('lastFlowChangeMs');

/**
 * Changes of flows and groups in all switches, from the fault to its heal; without a fault, over
 * the whole traffic.
 *
 * @example
 * flowChanges.none()
 */
export const flowChanges = avoidable<number>('flowChanges', 0);

/**
 * Changes of routes in the kernels of all routers but those that the fault hit, from the fault to its
 * heal: traffic moved, or may have, although nothing was lost.
 *
 * @example
 * routeChanges.atLeast(1)
 */
export const routeChanges = avoidable<number>('routeChanges', 0);

/**
 * Flows of a meter with several (`meter('h1', 'h2', { flows: 40 })`) that had an outage, in the
 * direction with most of them.
 *
 * @example
 * darkFlows.atMost(20)
 */
export const darkFlows = avoidable<number>('darkFlows', 0);

/**
 * From the death of a controller until one is in charge of every switch again: another instance
 * that has become master, or the same one, started again and connected.
 *
 * @example
 * controllerOutage.atMost('1s')
 */
export const controllerOutage = bounded<Duration>('controllerOutageMs');

/**
 * How long no packet got through when the fault was healed and traffic moved back.
 *
 * @example
 * reversionOutage.atMost('100ms')
 */
export const reversionOutage = avoidable<Duration>('reversionOutageMs', '0ms');

/**
 * Probes lost when traffic moved back.
 *
 * @example
 * reversionPacketsLost.none()
 */
export const reversionPacketsLost = avoidable<number>('reversionPacketsLost', 0);

/**
 * TCP throughput before the fault.
 *
 * @example
 * baselineRate.atLeast('90Mbit/s')
 */
export const baselineRate = bounded<Bitrate>('baselineBps');

/**
 * Median TCP throughput while the fault is in place.
 *
 * @example
 * rateDuringFault.atMost('5Mbit/s')
 */
export const rateDuringFault = bounded<Bitrate>('rateDuringFaultBps');

/**
 * Two hosts never lose contact. Adds a meter between them if there is none.
 *
 * @example
 * keepsContact('h1', 'h2')
 */
export const keepsContact = (a: string, b: string): Expectation => ({
  kind: 'expectation',
  metric: 'keepsContact',
  between: [a, b],
});

/**
 * Two hosts do lose contact while the fault is in place: proof that it bites. Adds a meter between
 * them if there is none.
 *
 * @example
 * losesContact('h1', 'h3')
 */
export const losesContact = (a: string, b: string): Expectation => ({
  kind: 'expectation',
  metric: 'losesContact',
  between: [a, b],
});

/**
 * Two hosts have no contact at the end of the traffic, in one direction at least: a network that is
 * dark at the end fails unless the scenario expects it. Adds a meter between them if there is none.
 *
 * @example
 * staysDark('h1', 'h3')
 */
export const staysDark = (a: string, b: string): Expectation => ({
  kind: 'expectation',
  metric: 'staysDark',
  between: [a, b],
});

/**
 * Whichever single element fails, the network outage ends by itself within the bound. `sweep` fails
 * each element in turn and holds every one to it, but not two that fail at once; `run` holds the
 * first fault of the timeline to it.
 *
 * @example
 * everySingleFailure().recoversWithin('800ms')
 */
export const everySingleFailure = (): { recoversWithin(bound: Duration): Expectation } => ({
  recoversWithin: (atMost) => ({
    kind: 'expectation',
    metric: 'networkOutageMs',
    atMost,
    everySingleFailure: true,
  }),
});

/**
 * TCP comes to a halt and stays there, although small packets pass.
 *
 * @example
 * tcpStalls()
 */
export const tcpStalls = (options: ExpectationOptions = {}): Expectation => ({
  ...options,
  kind: 'expectation',
  metric: 'stalls',
  atLeast: 1,
});
