/** `failover-lab far`: started on other machines by a campaign, not by people. */
import { Argument, type Command } from 'commander';
import type { FarWord } from '../commands/far.js';
import type { CommandContext } from '../context.js';

const words: FarWord[] = ['prepare', 'trial', 'stop', 'collect'];

export function addFar(program: Command, context: CommandContext): void {
  program
    .command('far', { hidden: true })
    .description('the far end of --on: started there, with a job on its standard input')
    .addArgument(new Argument('<what>', 'what to do').choices(words))
    .argument('[run]', 'id of the run')
    .action(async (what: FarWord, run: string | undefined) => {
      const { far } = await import('../commands/far.js');
      await far(what, run ?? '', context);
    });
}
