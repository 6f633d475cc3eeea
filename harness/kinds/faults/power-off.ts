/** A relay loses its power. */
import type { Target } from '../../language/written/targets.js';
import { as, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import type { FaultOptions, On } from '../written-fault.js';

/**
 * A relay loses its power: its network cards go silent, then its processes die. Nobody is told.
 *
 * @example
 * at('5s', powerOff(relayOnPath('h4', 'h3')))
 */
export const powerOff = (
  target: Target,
  options: FaultOptions = {},
): FaultOptions & On<'power-off'> => ({
  ...options,
  kind: 'power-off',
  target,
});

export default faultKind({
  kind: 'power-off',
  order: 10,
  write: powerOff,
  fields: { target, as },
  hits: 'loses-power',
  meantForLinks: true,
  excludes: 'dead',
  touches: 'data',
  kills: true,
  stops: true,
  seenInTime: true,
  documented: {
    example: "powerOff(relayOnPath('h4', 'h3'))",
    does: 'every process frozen, all interfaces cut together, then the processes killed: no last packet leaves',
  },
});
