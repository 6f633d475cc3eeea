/** A lab in namespaces of its own on this machine: what root's, a user's and sudo's have in common. */
import { checkNamespaces } from '../../doctor/checks/namespaces.js';
import { checkTunDevice } from '../../doctor/checks/tun-device.js';
import { probeCapabilities } from '../../doctor/doctor.js';
import type { Machine } from '../../doctor/machine.js';
import { realClock } from '../real-clock.js';
import type { Site } from '../site.js';
import type { NamespaceOptions } from './command.js';
import { watchTraces } from './leftovers.js';
import { commandFor, openChild } from './open.js';

/** The site `name` on `machine`; what differs from it, a site overrides. */
export function namespaceSite(
  name: string,
  machine: Machine,
  namespaces: NamespaceOptions = {},
): Site {
  return {
    name,
    clock: realClock,
    trouble: async (datapath) => {
      const findings = [
        await checkNamespaces(machine),
        // A bridge of the userspace datapath is a tap device; without it, it is silently missing (E2).
        ...(datapath === 'user' ? [await checkTunDevice(machine)] : []),
      ];
      return findings.find(({ ok }) => ok !== 'yes');
    },
    capabilities: () => probeCapabilities(machine),
    environment: async () => ({}),
    adapt: (scenario) => ({ scenario, problems: [] }),
    claim: async () => {},
    open: (opening) => openChild(commandFor(opening, namespaces), opening),
    clear: () => [],
    watch: watchTraces,
  };
}
