/**
 * The kernel's Open vSwitch module: there, loadable, of this kernel. Nothing is loaded to find
 * out; the kernel's log has earlier attempts.
 */

import { atLeast } from '../../model/version.js';
import type { Check, Finding } from '../finding.js';
import { type ModuleState, moduleFacts, moduleState } from '../kernel-modules.js';
import { isContainer, kernelRelease, type Machine, osRelease } from '../machine.js';

const id = 'ovs-module';
const loadLine = 'sudo modprobe openvswitch';

function yes(sentence: string): Finding {
  return { id, ok: 'yes', sentence };
}

function warning(sentence: string, remedy: string): Finding {
  return { id, ok: 'warning', sentence, remedy };
}

function headersMissing(machine: Machine): boolean {
  return !machine.exists(`/lib/modules/${kernelRelease(machine)}/build`);
}

/** How to get a module that was made outside the kernel's source made anew for this kernel. */
function rebuild(machine: Machine, path: string): string {
  const release = kernelRelease(machine);
  const headers = headersMissing(machine)
    ? `sudo apt-get install linux-headers-${release} (/lib/modules/${release}/build is a dangling link), then `
    : '';
  if (path.includes('/dkms/')) return `${headers}sudo dkms autoinstall`;
  const make = headers === '' ? 'Rebuild it' : `${headers}rebuild it`;
  return `${make}; or remove it for the kernel's own: sudo rm ${path} && sudo depmod -a`;
}

function fullKernel(machine: Machine): string {
  if (osRelease(machine, 'ID') === 'ubuntu') {
    return `sudo apt-get install linux-modules-extra-${kernelRelease(machine)}`;
  }
  return "Boot the distribution's full kernel (Debian: linux-image-amd64).";
}

/** Why there is no module that modprobe would find. */
function absent(machine: Machine, { unlisted, otherReleases }: ModuleState): Finding {
  const release = kernelRelease(machine);
  if (isContainer(machine)) {
    return warning(
      'The openvswitch module is not loaded, and a container cannot load one.',
      `On the host: ${loadLine}`,
    );
  }
  if (unlisted !== null) {
    return warning(`${unlisted} exists, but modules.dep does not list it.`, 'sudo depmod -a');
  }
  if (otherReleases.length > 0) {
    return warning(
      `The openvswitch module is installed for ${otherReleases.join(', ')}, but this kernel is ${release}.`,
      `Boot that kernel, or build the module for this one: ${rebuild(machine, '/dkms/')}`,
    );
  }
  if (machine.list(`/lib/modules/${release}`).length === 0) {
    return warning(
      `Kernel ${release} has no modules on this machine (/lib/modules/${release} is missing).`,
      'Install the modules of exactly this kernel, or boot a kernel of the distribution.',
    );
  }
  if (!atLeast(release, 3, 3)) {
    return warning(
      `Kernel ${release} is older than 3.3, the first that includes an openvswitch module.`,
      'Boot a newer kernel.',
    );
  }
  return warning(`Kernel ${release} was built without openvswitch.`, fullKernel(machine));
}

async function kernelLog(machine: Machine): Promise<string> {
  const { stdout } = await machine.run(['dmesg']);
  return `${machine.read('/var/log/kern.log') ?? ''}\n${stdout}`;
}

function symbolThatDisagrees(log: string): string | undefined {
  return [...log.matchAll(/openvswitch: disagrees about version of symbol (\w+)/g)].at(-1)?.[1];
}

/** A module made outside the kernel's source brings its own GRE, which must be the only one. */
function greHolder(machine: Machine): string | undefined {
  return ['ip_gre', 'gre'].find((name) => moduleState(machine, name).active);
}

/** What keeps the kernel from loading any module. */
function loadingForbidden(machine: Machine): Finding | null {
  if (machine.read('/proc/sys/kernel/modules_disabled')?.trim() === '1') {
    return warning(
      'The openvswitch module is installed, but this kernel no longer loads modules (kernel.modules_disabled is 1).',
      'Load openvswitch at boot, before modules are disabled: echo openvswitch | sudo tee /etc/modules-load.d/openvswitch.conf, then reboot.',
    );
  }
  if (isContainer(machine)) {
    return warning(
      'The openvswitch module is not loaded, and a container cannot load one.',
      `On the host: ${loadLine}`,
    );
  }
  return null;
}

async function misfit(machine: Machine, path: string): Promise<Finding | null> {
  const release = kernelRelease(machine);
  const facts = await moduleFacts(machine, path);
  if (facts === null) {
    return warning(`${path} does not state which kernel it is for.`, rebuild(machine, path));
  }
  if (facts.builtFor !== release) {
    return warning(
      `${path} was built for kernel ${facts.builtFor} and does not load into ${release}.`,
      rebuild(machine, path),
    );
  }
  const symbol = symbolThatDisagrees(await kernelLog(machine));
  if (symbol !== undefined && !facts.inTree) {
    return warning(
      `${path} was built against other headers than this kernel's: the version of symbol ${symbol} differs.`,
      rebuild(machine, path),
    );
  }
  const holder = facts.inTree ? undefined : greHolder(machine);
  if (holder !== undefined) {
    return warning(
      `${path} is not part of the kernel and brings its own GRE, but ${holder} is loaded and occupies that protocol.`,
      `sudo modprobe --remove ip_gre gre && ${loadLine}`,
    );
  }
  return null;
}

export const checkOvsModule: Check = async (machine) => {
  const state = moduleState(machine, 'openvswitch');
  if (state.active) return yes('The openvswitch kernel module is loaded.');
  if (state.path === null) return absent(machine, state);
  const trouble = loadingForbidden(machine) ?? (await misfit(machine, state.path));
  if (trouble !== null) return trouble;
  if (machine.userId === 0) {
    return yes('The openvswitch kernel module fits this kernel and is loaded when a lab needs it.');
  }
  return warning(
    'The openvswitch kernel module fits this kernel, but only root can load it.',
    `${loadLine}; permanently: echo openvswitch | sudo tee /etc/modules-load.d/openvswitch.conf`,
  );
};
