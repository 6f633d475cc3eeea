/** What a guest needs of a machine: for the doctor, and before a lab begins. */
import type { Check } from '../../doctor/finding.js';
import { locateKernel } from './kernel/locate.js';

export const checkGuestKernel: Check = async (machine) => {
  const kernel = await locateKernel(machine);
  if (!('refused' in kernel)) {
    return { id: 'guest-kernel', ok: 'yes', sentence: `Virtual time: kernel ${kernel.name}.` };
  }
  const { refused: sentence, hint: remedy } = kernel;
  return { id: 'guest-kernel', ok: 'warning', sentence: `No virtual time: ${sentence}`, remedy };
};

/** 3: no process may trace another, also not its own children that asked for it. */
const nobody = '3';

/**
 * User-mode Linux traces the guest's processes with ptrace(2), and needs addresses that are not
 * random, which strict seccomp profiles of containers refuse.
 */
export const checkPtrace: Check = async (machine) => {
  const yama = machine.read('/proc/sys/kernel/yama/ptrace_scope')?.trim();
  if (yama === nobody) {
    return {
      id: 'guest-ptrace',
      ok: 'warning',
      sentence: 'Guests cannot run: kernel.yama.ptrace_scope is 3, which forbids ptrace(2).',
      remedy: 'sudo sysctl kernel.yama.ptrace_scope=1 needs a reboot, since 3 cannot be lowered.',
    };
  }
  const { exitCode } = await machine.run(['setarch', '--addr-no-randomize', 'true']);
  if (exitCode !== 0) {
    return {
      id: 'guest-ptrace',
      ok: 'warning',
      sentence:
        'Guests cannot run: personality(2) is refused, as by the seccomp profile of containers.',
      remedy: 'Start the container with: docker run --security-opt seccomp=unconfined',
    };
  }
  return { id: 'guest-ptrace', ok: 'yes', sentence: 'Guests may trace their processes.' };
};
