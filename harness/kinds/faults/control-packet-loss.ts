/** A share of a node's OpenFlow packets is lost. */

import type { Target } from '../../language/written/targets.js';
import type { Percent } from '../../model/units.js';
import { as, loss, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import { channelFilter } from '../fault-needs.js';
import type { FaultOptions, On } from '../written-fault.js';

/**
 * A share of the OpenFlow packets between a node and its controller is lost.
 *
 * @example
 * at('5s', controlPacketLoss('r1', '30%'))
 */
export const controlPacketLoss = (
  target: Target,
  loss: Percent,
  options: FaultOptions = {},
): FaultOptions & On<'control-packet-loss'> & { loss: Percent } => ({
  ...options,
  kind: 'control-packet-loss',
  target,
  loss,
});

export default faultKind({
  kind: 'control-packet-loss',
  order: 90,
  write: controlPacketLoss,
  fields: { target, as, loss },
  parameters: ({ loss }) => ({ lossPercent: loss }),
  hits: 'control-interface',
  needs: channelFilter,
  touches: 'openflow',
  draws: { loss: ['20%', '60%'] },
  documented: {
    example: "controlPacketLoss('r1', '30%')",
    does: 'a share of the OpenFlow packets is lost',
  },
});
