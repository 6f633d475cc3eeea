/** A link or tunnel loses ARP alone: neighbours that are known are reached, new ones are not. */
import type { Target } from '../../language/written/targets.js';
import { as, direction, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import { filter } from '../fault-needs.js';
import type { DirectedOptions, On } from '../written-fault.js';

/**
 * ARP packets are lost, all others pass: traffic goes on for as long as its ends remember each
 * other's hardware addresses.
 *
 * @example
 * at('5s', arpLoss(linkOf('e3', 'r1')))
 */
export const arpLoss = (
  target: Target,
  options: DirectedOptions = {},
): DirectedOptions & On<'arp-loss'> => ({ ...options, kind: 'arp-loss', target });

export default faultKind({
  kind: 'arp-loss',
  order: 85,
  write: arpLoss,
  fields: { target, as, direction },
  hits: 'link',
  needs: filter,
  touches: 'data',
  documented: {
    example: "arpLoss(linkOf('e3', 'r1'))",
    does: 'only ARP packets are lost: neighbours in the cache stay reachable until the next ARP request',
  },
});
