/** Can the far side of a bond with LACP speak it? */
import { nounOf } from '../../kinds/node-tables.js';
import { has } from '../../model/node-traits.js';
import type { Judged } from './judged.js';

/** Notes bonds with LACP to what cannot speak it, or does not use it. */
export function checkBonds({ resolved: { topology, controller }, places, problems }: Judged): void {
  for (const { id, mode, members } of topology.bonds ?? []) {
    if (mode !== 'lacp') continue;
    const path = places.get(id) ?? 'topology';
    const link = topology.links.find((one) => one.id === members[0]?.link);
    const far = topology.nodes.find(({ name }) => name === link?.a.node);
    if (far === undefined) continue;
    if (!has(far, 'open-vswitch') || has(far, 'own-open-vswitch')) {
      const message = `LACP needs a switch of Open vSwitch, and '${far.name}' is a ${nounOf(far.kind)}`;
      problems.add(path, message, "use ovsSwitch(…), or mode: 'active-backup'");
    } else if (controller.kind !== 'none') {
      const message = `flows of a controller name single ports, so that '${far.name}' would not use its bond`;
      problems.add(path, message, "use noController(), or mode: 'active-backup'");
    }
  }
}
