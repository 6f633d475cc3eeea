/** One daemon of a router hangs: only timers show it. */
import { text } from '../../language/schema/fields.js';
import type { Target } from '../../language/written/targets.js';
import { unknownDaemon } from '../daemon-fault.js';
import { as, target } from '../fault-fields.js';
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
  fields: { target, as, daemon: text },
  parameters: ({ daemon }) => ({ daemon }),
  hits: 'routes',
  touches: 'data',
  idle: unknownDaemon,
  documented: {
    example: "daemonHang('r1', 'bgpd')",
    does: 'SIGSTOP of one of its daemons; routes stay as they are',
  },
});
