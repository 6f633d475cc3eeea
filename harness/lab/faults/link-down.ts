/** A link is taken down at one end: both ends lose carrier, as when a cable is unplugged. */
import { LabError } from '../../errors.js';
import { carrierLoss, vethOf } from './carrier.js';
import type { Change, FaultDefinition } from './fault.js';
import { dropPoints, packetFilter } from './packet-filter.js';
import { onlyLink } from './target.js';
import { failedChange, unproven } from './unproven.js';

const linkDown: FaultDefinition = {
  prepare({ bridge, topology, controllerPorts }, fault, target) {
    const link = vethOf(topology, onlyLink(fault, target));
    if (!link) {
      throw new LabError(
        'FAULT_NOT_APPLIED',
        `${target.names.join(', ')} is a tunnel across the fabric: it has no carrier to lose.`,
        { hint: 'Use a fault that needs no carrier, such as cableCut.' },
      );
    }
    const down = carrierLoss(bridge, link);
    if (controllerPorts.length === 0) return down;
    const points = dropPoints(topology, link, 'both');
    const filter = packetFilter(bridge, fault.id, points, 'counter drop');
    return {
      async inject() {
        const injected = await down.inject();
        const kept = await filter.inject();
        if (kept.verified) return injected;
        return unproven(injected, kept.evidence);
      },
      async heal() {
        const [passing, healed] = [await settled(filter.heal()), await down.heal()];
        if (passing.verified) return healed;
        return unproven(healed, passing.evidence);
      },
    };
  },
};

export default linkDown;

/** A change that may have failed, which must not keep another from being tried. */
async function settled(change: Promise<Change>): Promise<Pick<Change, 'verified' | 'evidence'>> {
  return change.catch((thrown) => ({ verified: false, evidence: failedChange(thrown) }));
}
