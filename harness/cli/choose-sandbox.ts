/** Where a lab can live on this machine, or the exact reason and remedy why it cannot. */
import { checkNamespaces } from '../doctor/checks/namespaces.js';
import { checkOvsHostAnswers } from '../doctor/checks/ovs-host.js';
import { checkTunDevice } from '../doctor/checks/tun-device.js';
import type { Finding } from '../doctor/finding.js';
import type { Machine } from '../doctor/machine.js';
import { LabError } from '../errors.js';
import type { SandboxKind } from '../sandbox/command.js';

/**
 * The kind that was asked for, or for `auto`: root's when root asks, else a user namespace. Throws
 * MACHINE_LACKS with the remedy, before anything starts, when such a sandbox would run half.
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
  const findings = [
    await checkNamespaces(machine),
    // A bridge of the userspace datapath is a tap device; without it, it is silently missing (E2).
    ...(datapath === 'user' ? [await checkTunDevice(machine)] : []),
    ...(asked === 'none' ? [await checkOvsHostAnswers(machine)] : []),
  ];
  const trouble = findings.find(({ ok }) => ok !== 'yes');
  if (trouble) throw lacking(trouble, asked);
  if (asked !== 'auto') return asked;
  return asRoot ? 'root' : 'user';
}

function lacking({ id, sentence, remedy }: Finding, asked: 'auto' | SandboxKind): LabError {
  const why = id === 'ovs-host' ? ` --sandbox ${asked} builds on it.` : '';
  return new LabError('MACHINE_LACKS', `${sentence}${why}`, {
    ...(remedy === undefined ? {} : { hint: remedy }),
    details: { finding: id },
  });
}
