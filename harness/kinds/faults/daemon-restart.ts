/** One daemon of a router is started anew, as by an upgrade. */
import type { Target } from '../../language/written/targets.js';
import { daemonFaultFacts } from '../daemon-fault.js';
import { faultKind } from '../fault-kind.js';
import type { FaultOptions, On } from '../written-fault.js';

/**
 * One daemon of a router ends in order (SIGTERM) and is started again at once, as by an upgrade.
 *
 * @example
 * at('5s', daemonRestart('r1', 'ospfd'))
 */
export const daemonRestart = (
  target: Target,
  daemon: string,
  options: FaultOptions = {},
): FaultOptions & On<'daemon-restart'> & { daemon: string } => ({
  ...options,
  kind: 'daemon-restart',
  target,
  daemon,
});

export default faultKind({
  kind: 'daemon-restart',
  order: 36,
  write: daemonRestart,
  ...daemonFaultFacts,
  documented: {
    example: "daemonRestart('r1', 'ospfd')",
    does: 'SIGTERM of one of its daemons, which is started again at once',
  },
});
