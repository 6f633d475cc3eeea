/** A set of nodes is cut off from the rest. */
import { names } from '../../language/schema/fields.js';
import { as } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import { filter } from '../fault-needs.js';
import type { FaultOptions } from '../written-fault.js';

/**
 * A set of nodes is cut off from all the others; inside the set packets pass.
 *
 * @example
 * at('5s', partition(['e3', 'r1']))
 */
export const partition = (
  nodes: readonly string[],
  options: FaultOptions = {},
): FaultOptions & { kind: 'partition'; nodes: readonly string[] } => ({
  ...options,
  kind: 'partition',
  nodes,
});

export default faultKind({
  kind: 'partition',
  order: 140,
  write: partition,
  fields: { as, nodes: names },
  hits: 'nodes',
  needs: filter,
  touches: 'data',
  stops: true,
  documented: {
    example: "partition(['e3', 'r1'])",
    does: 'these nodes are cut off from all others',
  },
});
