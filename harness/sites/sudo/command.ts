/** The same command line, started as root by guard.py through sudo. Pure. */
import type { SiteCommand } from '../namespaces/command.js';
import { systemPath } from '../system-path.js';

/**
 * The environment travels as words, since sudo would keep or drop what it likes.
 * @param folder What root writes into it is given to its owner.
 */
export function sudoCommand(
  { argv, environment }: SiteCommand,
  guardProgram: string,
  folder: string,
): SiteCommand {
  const words = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const guard = ['/usr/bin/python3', '-IB', guardProgram, folder];
  return {
    argv: ['sudo', '-n', '--', ...guard, ...words, '--', ...argv],
    environment: { PATH: systemPath },
  };
}
