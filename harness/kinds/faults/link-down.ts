/** A link goes down, and both ends see it. */
import type { Target } from '../../language/written/targets.js';
import { as, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import { keptDown } from '../fault-needs.js';
import type { FaultOptions, On } from '../written-fault.js';

/**
 * A link goes down; both ends see the carrier go.
 *
 * @example
 * at('5s', linkDown(linkOf('s1', 's2')))
 */
export const linkDown = (
  target: Target,
  options: FaultOptions = {},
): FaultOptions & On<'link-down'> => ({
  ...options,
  kind: 'link-down',
  target,
});

export default faultKind({
  kind: 'link-down',
  order: 40,
  write: linkDown,
  fields: { target, as },
  hits: 'link',
  needs: keptDown,
  misfit({ id, tunnel, wire }) {
    if (wire?.hidesCarrier) {
      return { message: `the carrier of '${id}' is hidden: its ends see no link go down` };
    }
    if (tunnel === null || wire !== null) return undefined;
    return {
      message: `'${id}' is a tunnel across the fabric: it has no carrier to lose`,
      hint: 'run the tunnel over: cable()',
    };
  },
  excludes: 'cut',
  touches: 'data',
  stops: true,
  seenInTime: true,
  repeatable: 'if asked for',
  documented: {
    example: "linkDown(linkOf('s1', 's2'))",
    does: 'both ends lose carrier',
    hits: 'link with a carrier',
  },
});
