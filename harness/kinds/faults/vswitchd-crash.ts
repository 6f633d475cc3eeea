/** The switching daemon of a relay dies. */
import type { Target } from '../../language/written/targets.js';
import { as, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import type { FaultOptions, On } from '../written-fault.js';

/**
 * The ovs-vswitchd of a relay is killed (SIGKILL). Its control connection closes, so a controller
 * detects it within milliseconds.
 *
 * @example
 * at('5s', vswitchdCrash('r1'))
 */
export const vswitchdCrash = (
  target: Target,
  options: FaultOptions = {},
): FaultOptions & On<'vswitchd-crash'> => ({
  ...options,
  kind: 'vswitchd-crash',
  target,
});

export default faultKind({
  kind: 'vswitchd-crash',
  order: 20,
  write: vswitchdCrash,
  fields: { target, as },
  hits: 'own-open-vswitch',
  touches: 'data',
  excludes: 'dead',
  kills: true,
  seenInTime: true,
  stops: true,
  kernelForwards: true,
  documented: {
    example: "vswitchdCrash('r1')",
    does: 'SIGKILL of its ovs-vswitchd; connections close',
  },
});
