/** A host is off the network. */
import type { Target } from '../../language/written/targets.js';
import { as, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import { filter } from '../fault-needs.js';
import type { FaultOptions, On } from '../written-fault.js';

/**
 * A host goes dark, as if without power: nothing leaves or reaches it any more, and the ports that it
 * is plugged into lose carrier. Its processes run on, since the traffic's own are among them.
 *
 * @example
 * at('5s', hostDown('h2'))
 */
export const hostDown = (
  target: Target,
  options: FaultOptions = {},
): FaultOptions & On<'host-down'> => ({
  ...options,
  kind: 'host-down',
  target,
});

export default faultKind({
  kind: 'host-down',
  order: 33,
  write: hostDown,
  fields: { target, as },
  hits: 'end-point',
  needs: filter,
  excludes: 'dead',
  touches: 'data',
  kills: true,
  stops: true,
  documented: {
    example: "hostDown('h2')",
    does: 'all its interfaces go silent together, then its neighbours lose carrier; its processes run on',
    hits: 'host',
  },
});
