/** A link or tunnel loses ICMP alone: pings say that the way is dead, and traffic goes on. */
import type { Target } from '../../language/written/targets.js';
import { as, direction, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import { filter } from '../fault-needs.js';
import type { DirectedOptions, On } from '../written-fault.js';

/**
 * ICMP packets over IPv4 are lost, all others pass. A watch by ping declares the way dead, and no
 * "fragmentation needed" arrives any more.
 *
 * @example
 * at('5s', icmpLoss(linkOf('e3', 'r1')))
 */
export const icmpLoss = (
  target: Target,
  options: DirectedOptions = {},
): DirectedOptions & On<'icmp-loss'> => ({ ...options, kind: 'icmp-loss', target });

export default faultKind({
  kind: 'icmp-loss',
  order: 87,
  write: icmpLoss,
  fields: { target, as, direction },
  hits: 'link',
  needs: filter,
  touches: 'data',
  documented: {
    example: "icmpLoss(linkOf('e3', 'r1'))",
    does: 'only ICMP packets are lost: pings fail while other traffic passes',
  },
});
