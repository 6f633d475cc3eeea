/** `failover-lab clean`: its words and options. What it does is loaded when it is called. */
import type { Command } from 'commander';
import type { CleanFlags } from '../commands/clean.js';
import type { CommandContext } from '../context.js';

export function addClean(program: Command, context: CommandContext): void {
  program
    .command('clean')
    .description('list the leftovers of labs on this host and remove them after confirmation')
    .option('--yes', 'remove without confirmation')
    .option('--json', 'print JSON; without --yes it only lists')
    .action(async (flags: CleanFlags) => {
      const { clean } = await import('../commands/clean.js');
      await clean(flags, context);
    });
}
