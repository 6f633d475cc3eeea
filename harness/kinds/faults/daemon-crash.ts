/** One daemon of a router dies. */
import { duration } from '../../language/schema/fields.js';
import type { Target } from '../../language/written/targets.js';
import type { Duration } from '../../model/units.js';
import { daemonFaultFacts } from '../daemon-fault.js';
import { faultKind } from '../fault-kind.js';
import type { FaultOptions, On } from '../written-fault.js';

export interface DaemonCrashOptions extends FaultOptions {
  /**
   * A watchdog such as FRR's own starts it again after this long; with zebra it stops all daemons of
   * the router in order and starts them anew. Left out: only the heal does.
   */
  watchdog?: Duration;
}

/**
 * One daemon of a router is killed (SIGKILL). Its connections close, and packets are passed on by the
 * routes that the kernel has; whether those stay is the suite's business. The heal starts it again.
 *
 * @example
 * at('5s', daemonCrash('r1', 'ospfd'))
 * at('5s', daemonCrash('r1', 'zebra', { watchdog: '1s' }))
 */
export const daemonCrash = (
  target: Target,
  daemon: string,
  options: DaemonCrashOptions = {},
): DaemonCrashOptions & On<'daemon-crash'> & { daemon: string } => ({
  ...options,
  kind: 'daemon-crash',
  target,
  daemon,
});

export default faultKind({
  kind: 'daemon-crash',
  order: 34,
  write: daemonCrash,
  ...daemonFaultFacts,
  fields: { ...daemonFaultFacts.fields, watchdog: duration({ max: 600_000 }).optional() },
  parameters: ({ daemon, watchdog }) => ({
    daemon,
    ...(watchdog === undefined ? {} : { watchdogMs: watchdog }),
  }),
  documented: {
    example: "daemonCrash('r1', 'ospfd')",
    does: 'SIGKILL of one of its daemons (zebra, ospfd, bgpd, isisd, bfdd, staticd, or bird); `watchdog` starts it again',
  },
});
