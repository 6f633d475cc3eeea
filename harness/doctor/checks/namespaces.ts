import type { Check, Finding } from '../finding.js';
import { isContainer, type Machine } from '../machine.js';
import { tryAbilities } from '../trial.js';

const needed = ['net', 'pid', 'mnt', 'ipc', 'uts'];

function no(sentence: string, remedy: string): Finding {
  return { id: 'namespaces', ok: 'no', sentence, remedy };
}

function sysctl(machine: Machine, name: string): string | undefined {
  return machine.read(`/proc/sys/${name}`)?.trim();
}

/** Why an ordinary user may not make a user namespace here, as far as the kernel tells. */
function userNamespaceTrouble(machine: Machine): Finding | null {
  if (
    !machine.exists('/proc/self/ns/user') ||
    sysctl(machine, 'user/max_user_namespaces') === '0'
  ) {
    return no(
      'This kernel allows no user namespaces, so only root can run labs.',
      'Run as root, or: sudo sysctl user.max_user_namespaces=10000',
    );
  }
  if (sysctl(machine, 'kernel/unprivileged_userns_clone') === '0') {
    return no(
      'User namespaces are only for root on this machine.',
      'sudo sysctl kernel.unprivileged_userns_clone=1',
    );
  }
  if (sysctl(machine, 'kernel/apparmor_restrict_unprivileged_userns') === '1') {
    return no(
      'AppArmor restricts user namespaces of ordinary users.',
      'sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or run as root',
    );
  }
  return null;
}

export const checkNamespaces: Check = async (machine) => {
  const missing = needed.filter((name) => !machine.exists(`/proc/self/ns/${name}`));
  if (missing.length > 0) {
    return no(
      `This kernel lacks namespaces that a lab needs: ${missing.join(', ')}.`,
      'Boot Linux 3.8 or newer, with namespaces.',
    );
  }
  const { refused } = await tryAbilities(machine);
  const asRoot = machine.userId === 0;
  if (refused === null) {
    const how = asRoot ? 'as root' : 'in a user namespace, without root';
    return {
      id: 'namespaces',
      ok: 'yes',
      sentence: `Labs run in their own namespaces, ${how}.`,
    };
  }
  const known = asRoot ? null : userNamespaceTrouble(machine);
  if (known !== null) return known;
  if (refused.includes('unrecognized option')) {
    return no(`unshare is too old: ${refused}`, 'Install util-linux 2.32 or newer.');
  }
  const where = isContainer(machine)
    ? 'This container cannot create namespaces'
    : 'Namespaces cannot be created';
  return no(
    `${where}: ${refused}`,
    isContainer(machine)
      ? 'Start the container with: docker run --privileged'
      : 'Run as root, on a kernel with namespaces.',
  );
};
