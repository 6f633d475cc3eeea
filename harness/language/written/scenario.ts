/** The scenario as people write it. What the runner executes is another type: `resolved.ts`. */

import type { Duration } from '../../model/units.js';
import type { Topology } from '../topology/parts.js';
import type { Controller } from './controllers.js';
import type { Expectation } from './expectations.js';
import type { ProgramPart } from './programs.js';
import type { Step } from './timeline.js';
import type { Traffic } from './traffic.js';

export interface Limits {
  /** The network must be ready for traffic within this long. Left out: `'40s'`. */
  readyWithin?: Duration;
  /** Traffic must run clean for this long before the first fault. Left out: `'2s'`. */
  cleanFor?: Duration;
  /** No recovery within this long after a fault is reported as "longer than". Left out: `'30s'`. */
  recoverWithin?: Duration;
  /** This long without loss before "recovered" is believed. Left out: `'5s'`. */
  sustainedFor?: Duration;
  /**
   * Traffic ends here at the latest, even if the timeline is not done, which makes a trial
   * inconclusive. Without a timeline it lasts just so long. Left out: long enough for every step
   * and flow.
   */
  duration?: Duration;
}

export interface Scenario {
  /** The question this scenario answers, one sentence for `failover-lab list`. */
  question: string;
  /** Nodes, links and tunnels, or what a builder returned. */
  topology: Topology;
  /** Left out: `noController()`. */
  controller?: Controller;
  /** iperf3 flows, and meters beside the ones that flows get anyway. */
  traffic: readonly Traffic[];
  /** Programs on nodes, which run before the network must be ready. */
  programs?: readonly ProgramPart[];
  /** What happens when. */
  timeline: readonly Step[];
  /** What must hold for the verdict `pass`. */
  expect?: readonly Expectation[];
  limits?: Limits;
  /**
   * Run although segments do not fit through the tunnels, to reproduce the stall. The report says
   * so.
   */
  allowOversize?: boolean;
  /**
   * A fault that nothing measured has felt is an answer, such as the loss of a spare relay. Left
   * out: such a trial is inconclusive.
   */
  allowNoEffect?: boolean;
}

/**
 * A scenario file exports one of these as its default.
 *
 * @example
 * export default scenario({
 *   question: 'How long is traffic dark when the relay that carries it dies?',
 *   topology: [
 *     relays('e3', 'r1', 'r2', 'e4'),
 *     host('h3', { address: '10.99.0.3/24', on: 'e3' }),
 *     host('h4', { address: '10.99.0.4/24', on: 'e4' }),
 *     gre('e3', 'r1'), gre('e3', 'r2'), gre('e4', 'r1'), gre('e4', 'r2'),
 *   ],
 *   controller: floyd({ decisionEvery: '10s' }),
 *   traffic: [iperf3('h4', 'h3', { mss: '1400B' })],
 *   timeline: [at('5s', powerOff(relayOnPath('h4', 'h3'))), after(recovered, '5s', heal())],
 *   expect: [networkOutage.atMost('11s')],
 * });
 */
export const scenario = (written: Scenario): Scenario => written;
