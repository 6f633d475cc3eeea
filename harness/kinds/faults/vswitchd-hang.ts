/** The switching daemon of a relay hangs: only timers show it. */
import type { Target } from '../../language/written/targets.js';
import { as, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import type { FaultOptions, On } from '../written-fault.js';

/**
 * The ovs-vswitchd of a relay hangs (SIGSTOP): connections stay open, nothing is answered.
 *
 * @example
 * at('5s', vswitchdHang('r1'))
 */
export const vswitchdHang = (
  target: Target,
  options: FaultOptions = {},
): FaultOptions & On<'vswitchd-hang'> => ({
  ...options,
  kind: 'vswitchd-hang',
  target,
});

export default faultKind({
  kind: 'vswitchd-hang',
  order: 30,
  write: vswitchdHang,
  fields: { target, as },
  hits: 'own-open-vswitch',
  excludes: 'dead',
  touches: 'data',
  stops: true,
  kernelForwards: true,
  kills: true,
  documented: {
    example: "vswitchdHang('r1')",
    does: 'SIGSTOP; connections stay open, requests get no reply',
  },
});
