/** One daemon of a router dies. */
import type { Target } from '../../language/written/targets.js';
import { daemonFaultFacts } from '../daemon-fault.js';
import { faultKind } from '../fault-kind.js';
import type { FaultOptions, On } from '../written-fault.js';

/**
 * One daemon of a router is killed (SIGKILL). Its connections close, and packets are passed on by the
 * routes that the kernel has; whether those stay is the suite's business. The heal starts it again.
 *
 * @example
 * at('5s', daemonCrash('r1', 'ospfd'))
 */
export const daemonCrash = (
  target: Target,
  daemon: string,
  options: FaultOptions = {},
): FaultOptions & On<'daemon-crash'> & { daemon: string } => ({
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
  documented: {
    example: "daemonCrash('r1', 'ospfd')",
    does: 'SIGKILL of one of its daemons (zebra, ospfd, bgpd, isisd, bfdd, staticd, or bird)',
  },
});
