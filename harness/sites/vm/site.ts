import type { Machine } from '../../doctor/machine.js';
import { iperf3Version, ovsVersion } from '../../doctor/programs.js';
import { watchTraces } from '../namespaces/leftovers.js';
import type { Site, SiteProgram } from '../site.js';
import { checkGuestKernel, checkPtrace } from './checks.js';
import { guestClock } from './clock.js';
import { environmentOf, type GuestImage, locateImage } from './image/locate.js';
import { architectureHint, architectureText } from './kernel/build.js';
import { type GuestKernel, locateKernel } from './kernel/locate.js';
import { openGuest } from './open.js';

const program: SiteProgram = {
  async on(machine, { image: name } = {}) {
    if (process.arch !== 'x64') return { refused: architectureText, hint: architectureHint };
    const kernel = await locateKernel(machine);
    if ('refused' in kernel) return kernel;
    if (name === undefined) return guestSite(machine, kernel);
    const image = locateImage(name);
    return 'refused' in image ? image : guestSite(machine, kernel, image);
  },
  checks: [checkGuestKernel, checkPtrace],
};
export default program;

function guestSite(machine: Machine, kernel: GuestKernel, image?: GuestImage): Site {
  const ofImage = image && environmentOf(image);
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
      bonding: true,
      vlans: true,
      ovsKernelDatapath: true,
      tunDevice: true,
      ovsVersion: ofImage?.ovs ?? (await ovsVersion(machine)),
      iperf3Version: ofImage?.iperf3 ?? (await iperf3Version(machine)),
      // As kernel/guest.config has them.
      congestionControls: ['reno', 'cubic', 'bbr'],
      // Linux's own limit of 212992 bytes, doubled: iperf3 runs with this in the guest, not with more.
      socketBufferMaxBytes: 425_984,
    }),
    environment: async () => ({ kernel: kernel.name, cores: 1, ...ofImage }),
    adapt: (scenario) => ({ scenario, problems: [] }),
    claim: async () => {},
    open: (opening) => openGuest({ kernel: kernel.file, ...(image ? { image } : {}) }, opening),
    clear: () => [],
    watch: watchTraces,
  };
}
