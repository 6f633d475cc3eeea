/** The cable below a link or tunnel is cut. */
import type { Target } from '../../language/written/targets.js';
import { as, direction, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import { cutAcross } from '../fault-needs.js';
import type { DirectedOptions, On } from '../written-fault.js';

/**
 * A cable in the underlay is cut somewhere on the way; the ends of the tunnel see no change, nor do
 * those of a link whose carrier is hidden.
 *
 * @example
 * at('5s', cableCut(linkOf('e3', 'r1')))
 */
export const cableCut = (
  target: Target,
  options: DirectedOptions = {},
): DirectedOptions & On<'cable-cut'> => ({
  ...options,
  kind: 'cable-cut',
  target,
});

export default faultKind({
  kind: 'cable-cut',
  order: 50,
  write: cableCut,
  fields: { target, as, direction },
  hits: 'link',
  needs: cutAcross,
  touches: 'data',
  excludes: 'cut',
  seenInTime: true,
  stops: true,
  repeatable: 'if asked for',
  documented: {
    example: "cableCut(linkOf('e3', 'r1'))",
    does: 'the underlay of a tunnel is cut, or a link with hidden carrier; what uses it sees no change',
  },
});
