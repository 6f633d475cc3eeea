import { join } from 'node:path';
import { throughSudo } from '../../doctor/through-sudo.js';
import { packageRoot } from '../../package-root.js';
import { commandFor, openChild } from '../namespaces/open.js';
import { namespaceSite } from '../namespaces/site.js';
import type { LabOpening, SiteProgram } from '../site.js';
import { sudoCommand } from './command.js';

const program: SiteProgram = {
  async on(machine) {
    const asRoot = await throughSudo(machine);
    if (asRoot === null) {
      return {
        refused: 'sudo asks this user for a password.',
        // What a user can do who may become root, without working as root.
        hint: 'Or allow `sudo -n true` for this user; then only the sandbox runs as root.',
      };
    }
    return { ...namespaceSite('sudo', asRoot), open };
  },
};
export default program;

function open(opening: LabOpening) {
  const guard = join(packageRoot(), 'harness/sites/sudo/guard.py');
  const command = sudoCommand(commandFor(opening, {}), guard, opening.folder);
  // sudo closes every descriptor but the first three; guard.py puts the events onto theirs. Root's
  // processes are not this user's to signal: the guard ends them when its events are no longer read.
  return openChild(command, opening, { events: 1, endsWithReader: true });
}
