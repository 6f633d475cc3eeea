/** One node loses its controller. */
import type { Target } from '../../language/written/targets.js';
import { as, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import { channelFilter } from '../fault-needs.js';
import type { FaultOptions, On } from '../written-fault.js';

/**
 * One node loses its connection to the controller; its data plane is untouched.
 *
 * @example
 * at('5s', controlChannelLoss(relayOnPath('h4', 'h3')))
 */
export const controlChannelLoss = (
  target: Target,
  options: FaultOptions = {},
): FaultOptions & On<'control-channel-loss'> => ({
  ...options,
  kind: 'control-channel-loss',
  target,
});

export default faultKind({
  kind: 'control-channel-loss',
  order: 170,
  write: controlChannelLoss,
  fields: { target, as },
  hits: 'control-interface',
  needs: channelFilter,
  touches: 'openflow',
  documented: {
    example: "controlChannelLoss('r1')",
    does: 'the OpenFlow connection carries no packets; data passes',
  },
});
