/** One daemon of a router hangs: only timers show it. */
import type { Target } from '../../language/written/targets.js';
import { daemonFaultFacts } from '../daemon-fault.js';
import { faultKind } from '../fault-kind.js';
import type { FaultOptions, On } from '../written-fault.js';

/**
 * One daemon of a router hangs (SIGSTOP): its connections stay open, and the kernel goes on passing
 * packets by the routes that it has.
 *
 * @example
 * at('5s', daemonHang('r1', 'bgpd'))
 */
export const daemonHang = (
  target: Target,
  daemon: string,
  options: FaultOptions = {},
): FaultOptions & On<'daemon-hang'> & { daemon: string } => ({
  ...options,
  kind: 'daemon-hang',
  target,
  daemon,
});

export default faultKind({
  kind: 'daemon-hang',
  order: 35,
  write: daemonHang,
  ...daemonFaultFacts,
  documented: {
    example: "daemonHang('r1', 'bgpd')",
    does: 'SIGSTOP of one of its daemons; routes stay as they are',
  },
});
