/** A link or tunnel gets slow. */
import { bitrate } from '../../language/schema/fields.js';
import type { Target } from '../../language/written/targets.js';
import type { Bitrate } from '../../model/units.js';
import { as, direction, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import { filter } from '../fault-needs.js';
import type { DirectedOptions, On } from '../written-fault.js';

/**
 * A link gets slow: no more than this rate passes.
 *
 * @example
 * at('5s', rateCollapse(linkOnPath('h4', 'h3'), '1Mbit/s'))
 */
export const rateCollapse = (
  target: Target,
  bitrate: Bitrate,
  options: DirectedOptions = {},
): DirectedOptions & On<'rate-collapse'> & { bitrate: Bitrate } => ({
  ...options,
  kind: 'rate-collapse',
  target,
  bitrate,
});

export default faultKind({
  kind: 'rate-collapse',
  order: 110,
  write: rateCollapse,
  fields: { target, as, direction, bitrate: bitrate({ min: 8000, max: 1e9 }) },
  parameters: ({ bitrate }) => ({ bitrateBps: bitrate }),
  hits: 'link',
  needs: filter,
  touches: 'data',
  draws: { bitrate: ['5Mbit/s', '500kbit/s'] },
  documented: {
    example: "rateCollapse(linkOnPath('h4', 'h3'), '1Mbit/s')",
    does: 'packets above the rate are dropped',
  },
});
