/** A share of the BFD packets of a tunnel is lost. */

import type { Target } from '../../language/written/targets.js';
import type { Percent } from '../../model/units.js';
import { as, direction, loss, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import { filter } from '../fault-needs.js';
import type { DirectedOptions, On } from '../written-fault.js';

/**
 * A share of the BFD packets on a tunnel is lost; data passes.
 *
 * @example
 * at('5s', bfdPacketLoss(linkOf('e3', 'r1'), '100%'))
 */
export const bfdPacketLoss = (
  target: Target,
  loss: Percent,
  options: DirectedOptions = {},
): DirectedOptions & On<'bfd-packet-loss'> & { loss: Percent } => ({
  ...options,
  kind: 'bfd-packet-loss',
  target,
  loss,
});

export default faultKind({
  kind: 'bfd-packet-loss',
  order: 100,
  write: bfdPacketLoss,
  fields: { target, as, direction, loss },
  parameters: ({ loss }) => ({ lossPercent: loss }),
  hits: 'link',
  needs: filter,
  misfit({ id, tunnel }) {
    return tunnel ? undefined : { message: `'${id}' is a plain link; BFD runs only on tunnels` };
  },
  touches: 'bfd',
  draws: { loss: ['20%', '100%'] },
  documented: {
    example: "bfdPacketLoss(linkOf('e3', 'r1'), '100%')",
    does: 'only BFD packets are lost; data passes',
    hits: 'tunnel',
  },
});
