/** Plain Open vSwitch bridges. */
import type { MininetNotes } from '../../model/mininet-description.js';
import facts from '../../model/nodes/switch.js';
import { nodeKind } from '../node-kind.js';
import {
  boundSwitch,
  circlesWithoutTree,
  type SwitchOptions,
  switchOptions,
} from '../open-vswitch-node.js';

export interface SwitchPart extends SwitchOptions {
  kind: 'switch';
  name: string;
}

/**
 * A plain Open vSwitch bridge; all of them share one ovs-vswitchd, as in plain Mininet.
 *
 * @example
 * ovsSwitch('s1', { spanningTree: 'rstp' })
 */
export const ovsSwitch = (name: string, options: SwitchOptions = {}): SwitchPart => ({
  ...options,
  kind: 'switch',
  name,
});

/**
 * Several switches without options.
 *
 * @example
 * switches('s1', 's2', 's3')
 */
export const switches = (...names: string[]): SwitchPart[] => names.map((name) => ovsSwitch(name));

export default nodeKind({
  facts,
  order: 30,
  noun: ['switch', 'switches'],
  write: ovsSwitch,
  fields: switchOptions,
  resolve(batch, context) {
    const { notes, protection } = context;
    return batch.map(({ part }) => {
      const bound = boundSwitch(part, context);
      if (part.unusableDpid === '') notes.add('dpid-given', part.name, undefined, bound.dpid);
      else if (part.unusableDpid !== undefined) {
        notes.add('dpid-replaced', part.name, part.unusableDpid, bound.dpid);
      }
      return {
        kind: 'switch',
        ...bound,
        ...(part.stpStated
          ? { spanningTree: stpOfMininet(part.name, bound.failMode, protection, notes) }
          : {}),
        ...(part.protocols === undefined ? {} : { protocols: [...part.protocols] }),
        ...(part.withoutController ? { withoutController: true } : {}),
      };
    });
  },
  needs: ['ovsVersion'],
  circles: circlesWithoutTree,
  circlesRemedy: "spanningTree: 'rstp', or failMode: 'secure'",
  insteadOfFaults:
    'plain switches share one machine and one ovs-vswitchd; use switchDown(…), make it a relay, or target its links',
  picture: { shape: 'circle', radius: 16 },
  documented: {
    example: "ovsSwitch('s1')`, `switches('s1', 's2')",
    is: 'plain Open vSwitch bridges, which share one ovs-vswitchd as in plain Mininet',
  },
});

/** As Mininet does it, `stp=True` is for standalone switches; a scenario that states its own wins. */
function stpOfMininet(
  name: string,
  failMode: 'secure' | 'standalone',
  protection: 'none' | 'stp' | 'rstp' | undefined,
  notes: MininetNotes,
): 'none' | 'stp' | 'rstp' {
  if (protection !== undefined) {
    if (protection !== 'stp') notes.add('spanning-tree-of-scenario', name, 'stp=True', protection);
    return protection;
  }
  if (failMode === 'standalone') return 'stp';
  notes.add('stp-needs-standalone', name, 'stp=True');
  return 'none';
}
