/** Where a lab can live on this machine, or the exact reason and remedy why it cannot. */
import { checkNamespaces } from '../doctor/checks/namespaces.js';
import { checkOvsHostAnswers } from '../doctor/checks/ovs-host.js';
import { checkTunDevice } from '../doctor/checks/tun-device.js';
import type { Finding } from '../doctor/finding.js';
import type { Machine } from '../doctor/machine.js';
import { throughSudo } from '../doctor/through-sudo.js';
import { LabError } from '../errors.js';
import type { SandboxKind } from '../sites/command.js';

/**
 * The kind that was asked for, or for `auto`: root's when root asks, else a user namespace, else
 * root's through a sudo that asks for no password. Throws MACHINE_LACKS with the remedy, before
 * anything starts, when such a sandbox would run half.
 */
export async function chooseSandbox(
  asked: 'auto' | SandboxKind,
  datapath: 'kernel' | 'user',
  machine: Machine,
): Promise<SandboxKind> {
  const asRoot = machine.userId === 0;
  if ((asked === 'root' || asked === 'none') && !asRoot) {
    throw new LabError(
      'MACHINE_LACKS',
      `--sandbox ${asked} needs root; this is user ${machine.userId}.`,
      {
        hint: 'Leave --sandbox out to run in a user namespace, or run the command with sudo.',
      },
    );
  }
  const trouble = await troubleOn(machine, asked, datapath);
  if (trouble === undefined) {
    if (asked !== 'auto') return asked;
    return asRoot ? 'root' : 'user';
  }
  if (asked !== 'auto' || asRoot) throw lacking(trouble, asked);
  const root = await throughSudo(machine);
  if (root === null) throw lacking(trouble, asked, sudoHint);
  const still = await troubleOn(root, asked, datapath);
  if (still) throw lacking(still, asked);
  return 'sudo';
}

/** What a user can do who may become root, without working as root. */
const sudoHint = 'Or let `sudo -n true` work for this user: the sandbox alone then runs as root.';

/** The first thing that such a sandbox lacks there. */
async function troubleOn(
  machine: Machine,
  asked: 'auto' | SandboxKind,
  datapath: 'kernel' | 'user',
): Promise<Finding | undefined> {
  const findings = [
    await checkNamespaces(machine),
    // A bridge of the userspace datapath is a tap device; without it, it is silently missing (E2).
    ...(datapath === 'user' ? [await checkTunDevice(machine)] : []),
    ...(asked === 'none' ? [await checkOvsHostAnswers(machine)] : []),
  ];
  return findings.find(({ ok }) => ok !== 'yes');
}

function lacking(
  { id, sentence, remedy }: Finding,
  asked: 'auto' | SandboxKind,
  more?: string,
): LabError {
  const why = id === 'ovs-host' ? ` --sandbox ${asked} builds on it.` : '';
  const hint = [remedy, more].filter((line) => line !== undefined).join('\n');
  return new LabError('MACHINE_LACKS', `${sentence}${why}`, {
    ...(hint === '' ? {} : { hint }),
    details: { finding: id },
  });
}
