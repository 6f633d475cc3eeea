/** A link or tunnel swallows packets silently: no end loses its carrier. */
import type { Target } from '../../language/written/targets.js';
import { as, direction, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import { filter } from '../fault-needs.js';
import type { DirectedOptions, On } from '../written-fault.js';

/**
 * Packets vanish silently, in both directions or in one.
 *
 * @example
 * at('5s', blackhole(linkOnPath('h4', 'h3'), { direction: 'forward' }))
 */
export const blackhole = (
  target: Target,
  options: DirectedOptions = {},
): DirectedOptions & On<'blackhole'> => ({
  ...options,
  kind: 'blackhole',
  target,
});

export default faultKind({
  kind: 'blackhole',
  order: 60,
  write: blackhole,
  fields: { target, as, direction },
  hits: 'link',
  needs: filter,
  repeatable: 'by default',
  excludes: 'cut',
  touches: 'data',
  seenInTime: true,
  stops: true,
  documented: {
    example: "blackhole(linkOf('e3', 'r1'), { direction: 'forward' })",
    does: 'packets are dropped silently, in one direction or both',
  },
});
