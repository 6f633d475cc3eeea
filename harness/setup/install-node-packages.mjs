/** Installs the npm packages of a clone as package-lock.json says. */
import { runAloud } from './command.mjs';
import { SetupError, say } from './say.mjs';

export async function installNodePackages(root) {
  say('Installing npm packages (npm ci).');
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { exitCode } = await runAloud('npm', args, { cwd: root });
  if (exitCode === 0) return;
  throw new SetupError(
    'The npm packages could not be installed: `npm ci` failed (see above). ' +
      'Check that there is a network connection and that the registry can be reached.',
    69,
  );
}
