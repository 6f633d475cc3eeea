/** A share of the packets of a link or tunnel is lost. */

import type { Target } from '../../language/written/targets.js';
import type { Percent } from '../../model/units.js';
import { as, direction, loss, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import { filter } from '../fault-needs.js';
import type { DirectedOptions, On } from '../written-fault.js';

/**
 * A share of all packets is lost at random.
 *
 * @example
 * at('5s', packetLoss(linkOnPath('h4', 'h3'), '5%'))
 */
export const packetLoss = (
  target: Target,
  loss: Percent,
  options: DirectedOptions = {},
): DirectedOptions & On<'packet-loss'> & { loss: Percent } => ({
  ...options,
  kind: 'packet-loss',
  target,
  loss,
});

export default faultKind({
  kind: 'packet-loss',
  order: 70,
  write: packetLoss,
  fields: { target, as, direction, loss },
  parameters: ({ loss }) => ({ lossPercent: loss }),
  hits: 'link',
  needs: filter,
  touches: 'data',
  draws: { loss: ['2%', '20%', '60%'] },
  documented: {
    example: "packetLoss(linkOf('e3', 'r1'), '5%')",
    does: 'a random share is lost',
  },
});
