/** One daemon of a router dies. */
import { text } from '../../language/schema/fields.js';
import type { Target } from '../../language/written/targets.js';
import { unknownDaemon } from '../daemon-fault.js';
import { as, target } from '../fault-fields.js';
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
  fields: { target, as, daemon: text },
  parameters: ({ daemon }) => ({ daemon }),
  hits: 'routes',
  touches: 'data',
  idle: unknownDaemon,
  documented: {
    example: "daemonCrash('r1', 'ospfd')",
    does: 'SIGKILL of one of its daemons (zebra, ospfd, bgpd, isisd, bfdd, staticd, or bird)',
  },
});
