import type { Machine } from '../../doctor/machine.js';
import { iperf3Version, ovsVersion } from '../../doctor/programs.js';
import { watchTraces } from '../namespaces/leftovers.js';
import type { Site, SiteProgram } from '../site.js';
import { checkGuestKernel, checkPtrace } from './checks.js';
import { guestClock } from './clock.js';
import { architectureHint, architectureText } from './kernel/build.js';
import { type GuestKernel, locateKernel } from './kernel/locate.js';
import { openGuest } from './open.js';

const program: SiteProgram = {
  async on(machine) {
    if (process.arch !== 'x64') return { refused: architectureText, hint: architectureHint };
    const kernel = await locateKernel(machine);
    return 'refused' in kernel ? kernel : guestSite(machine, kernel);
  },
  checks: [checkGuestKernel, checkPtrace],
};
export default program;

function guestSite(machine: Machine, kernel: GuestKernel): Site {
  return {
    name: 'vm',
    clock: guestClock,
    trouble: async () => {
      const finding = await checkPtrace(machine);
      return finding.ok === 'yes' ? undefined : finding;
    },
    // All of it is built into the guest's kernel; the programs are the host's.
    capabilities: async () => ({
      netem: true,
      tbf: true,
      htb: true,
      nftIngress: true,
      nftEgress: true,
      ovsKernelDatapath: true,
      tunDevice: true,
      ovsVersion: await ovsVersion(machine),
      iperf3Version: await iperf3Version(machine),
    }),
    environment: async () => ({ kernel: kernel.name, cores: 1 }),
    adapt: (scenario) => ({ scenario, problems: [] }),
    claim: async () => {},
    open: (opening) => openGuest(kernel.file, opening),
    clear: () => [],
    watch: watchTraces,
  };
}
