/** `failover-lab clean`: its words and options. What it does is loaded when it is called. */
import type { Command } from 'commander';
import type { CleanFlags } from '../commands/clean.js';
import type { CommandContext } from '../context.js';

export function addClean(program: Command, context: CommandContext): void {
  program
    .command('clean')
    .description('list what is left of labs on this host, ask, and remove it; nothing else')
    .option('--yes', 'do not ask')
    .option('--json', 'as JSON; without --yes it only lists')
    .action(async (flags: CleanFlags) => {
      const { clean } = await import('../commands/clean.js');
      await clean(flags, context);
    });
}
