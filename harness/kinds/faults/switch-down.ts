/** A plain switch loses its power. */
import type { Target } from '../../language/written/targets.js';
import { as, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import { filter } from '../fault-needs.js';
import type { FaultOptions, On } from '../written-fault.js';

/**
 * A plain switch goes dark, as if without power: nothing passes any more, its neighbours lose carrier,
 * and its connection to the controller carries no packets. Its tables are as before when it is healed,
 * since the ovs-vswitchd that it shares with the other switches runs on.
 *
 * @example
 * at('5s', switchDown('s2'))
 */
export const switchDown = (
  target: Target,
  options: FaultOptions = {},
): FaultOptions & On<'switch-down'> => ({
  ...options,
  kind: 'switch-down',
  target,
});

export default faultKind({
  kind: 'switch-down',
  order: 32,
  write: switchDown,
  fields: { target, as },
  hits: 'root-namespace',
  needs: filter,
  excludes: 'dead',
  touches: 'data',
  kills: true,
  stops: true,
  seenInTime: true,
  documented: {
    example: "switchDown('s2')",
    does: 'all its ports and its control connection go silent together, then its neighbours lose carrier',
    hits: 'plain switch',
  },
});
