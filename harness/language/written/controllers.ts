/** Who decides where packets go. */
import type { Duration, Percent } from '../../model/units.js';

export interface FloydOptions {
  /** All-pairs shortest paths (Floyd–Warshall) every so often. Left out: `'10s'`. */
  decisionEvery?: Duration;
  /**
   * What happens between two decisions when a link dies. `'none'`: nothing. `'timeout'`: own
   * probes, then a new decision. `'bfd'`: the switches' BFD reports it, then a new decision.
   * `'groups'`: the switch itself moves to a prepared backup path (fast failover).
   */
  reaction?: 'none' | 'timeout' | 'bfd' | 'groups';
  /** With `'timeout'`: a probe on each link every so often. Left out: `'100ms'`. */
  probeEvery?: Duration;
  /** With `'timeout'`: this many probes in a row may be missed. Left out: 3. */
  probeMultiplier?: number;
  /** With `'bfd'` and `'groups'`: interval and multiplier, `'100ms*3'` when left out. */
  bfd?: `${Duration}*${number}`;
  /** A healed link is used again after this long. Left out: `'1s'`. */
  hold?: Duration;
  /** A new path must be better by this share before traffic moves. Left out: `'10%'`. */
  hysteresis?: Percent;
  /** Delays every detection; to prove that a gate detects it. */
  extraDetection?: Duration;
  /** How many processes, 1 to 8: the first is master of all switches, the others stand by. */
  instances?: number;
  /** With several: a word to the others every so often, and how many may be missed. */
  heartbeat?: `${Duration}*${number}`;
}

export interface FloydController extends FloydOptions {
  kind: 'floyd';
}

export interface LoopProtection {
  /**
   * Loop protection by Open vSwitch, on all switches that do not state their own. `stp=True` in a
   * Mininet file gives way to it, and the report has a note.
   */
  spanningTree?: 'none' | 'stp' | 'rstp';
}

export interface NoController extends LoopProtection {
  kind: 'none';
}

export interface OvsTestController extends LoopProtection {
  kind: 'ovs-testcontroller';
}

export interface OskenController extends LoopProtection {
  kind: 'osken';
  applications: readonly string[];
  arguments?: readonly string[];
}

export interface CommandOptions extends LoopProtection {
  /** How many processes, 1 to 8; all switches connect to all of them. */
  instances?: number;
  /** A regular expression on its output that means ready; left out: its port listens. */
  readyWhen?: string;
  /** Left out: `'20s'`. */
  readyWithin?: Duration;
  environment?: Record<string, string>;
}

export interface CommandController extends CommandOptions {
  kind: 'command';
  argv: readonly string[];
}

export interface StaticFlowsOptions extends LoopProtection {
  /** A regular expression on its output that means ready; left out: it ended with status 0. */
  readyWhen?: string;
  /** Left out: `'20s'`. */
  readyWithin?: Duration;
  environment?: Record<string, string>;
}

export interface StaticFlows extends StaticFlowsOptions {
  kind: 'static-flows';
  argv: readonly string[];
}

export type Controller =
  | FloydController
  | NoController
  | OvsTestController
  | OskenController
  | CommandController
  | StaticFlows;

/**
 * The bundled controller: measures the delay of every link and installs shortest paths.
 *
 * @example
 * floyd({ decisionEvery: '10s' })
 * floyd({ reaction: 'bfd', bfd: '50ms*3' })
 * floyd({ instances: 2, heartbeat: '100ms*3' })
 */
export const floyd = (options: FloydOptions = {}): FloydController => ({
  ...options,
  kind: 'floyd',
});

/**
 * The bundled controller with fast-failover groups: each switch holds its backup path ready and
 * moves to it by itself when BFD loses the neighbour.
 *
 * @example
 * fastFailover({ bfd: '10ms*3' })
 */
export const fastFailover = (options: Omit<FloydOptions, 'reaction'> = {}): FloydController => ({
  ...options,
  kind: 'floyd',
  reaction: 'groups',
});

/**
 * No controller: the switches learn by themselves. A network with loops needs a spanning tree.
 *
 * @example
 * noController({ spanningTree: 'rstp' })
 */
export const noController = (options: Omit<NoController, 'kind'> = {}): NoController => ({
  ...options,
  kind: 'none',
});

/**
 * The learning-switch controller that comes with Open vSwitch. A network with loops needs a
 * spanning tree beside it.
 *
 * @example
 * ovsTestController({ spanningTree: 'rstp' })
 */
export const ovsTestController = (options: LoopProtection = {}): OvsTestController => ({
  ...options,
  kind: 'ovs-testcontroller',
});

/**
 * os-ken applications of your own, by module name or path relative to the scenario file.
 *
 * @example
 * osken(['./my_router.py'], ['--observe-links'])
 */
export const osken = (
  applications: readonly string[],
  parameters: readonly string[] = [],
  options: LoopProtection = {},
): OskenController => ({ ...options, kind: 'osken', applications, arguments: parameters });

/**
 * Any program that speaks OpenFlow; `{port}` is replaced by the port it must listen on.
 *
 * @example
 * command(['./controller', '--listen', '{port}'], { instances: 2, readyWhen: 'listening' })
 */
export const command = (
  argv: readonly string[],
  options: CommandOptions = {},
): CommandController => ({ ...options, kind: 'command', argv });

/**
 * No controller: the program runs once the switches are there and writes their flows and groups
 * itself, by `ovs-ofctl` say. No switch connects anywhere, so that what it wrote stays.
 *
 * @example
 * staticFlows(['./flows.sh'])
 * staticFlows(['./flows.sh', 'any'], { readyWhen: 'installed' })
 */
export const staticFlows = (
  argv: readonly string[],
  options: StaticFlowsOptions = {},
): StaticFlows => ({ ...options, kind: 'static-flows', argv });
