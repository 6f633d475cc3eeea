/** `failover-lab replay`: its words and options. What it does is loaded when it is called. */
import { type Command, Option } from 'commander';
import type { ReplayFlags } from '../commands/replay.js';
import type { CommandContext } from '../context.js';

export function addReplay(program: Command, context: CommandContext): void {
  program
    .command('replay')
    .description('run a record of virtual time again, and report whether it is the same')
    .argument('<run>', "a run's folder, made with --clock virtual")
    .option('--out <dir>', 'folder for the run that repeats it (default: runs)')
    .addOption(new Option('--kernel <file>', "the guest's kernel"))
    .option('--json', 'print JSON')
    .action(async (folder: string, flags: ReplayFlags) => {
      const { replay } = await import('../commands/replay.js');
      await replay(folder, flags, context);
    });
}
