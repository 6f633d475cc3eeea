/** The same machine as root would see it, where sudo asks for no password. */
import type { Machine } from './machine.js';

/** Null where sudo is missing, or wants a password. */
export async function throughSudo(machine: Machine): Promise<Machine | null> {
  if (machine.userId === 0) return null;
  const { outcome, exitCode } = await machine.run(['sudo', '-n', 'true']);
  if (outcome !== 'ended' || exitCode !== 0) return null;
  return {
    ...machine,
    userId: 0,
    run: (argv) => machine.run(['sudo', '-n', '--', ...argv]),
    // Modes do not hold root up.
    openError: (path) => {
      const error = machine.openError(path);
      return error === 'EACCES' || error === 'EPERM' ? null : error;
    },
  };
}
