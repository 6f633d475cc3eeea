/** `failover-lab trend` and `merge`: their words and options; what they do is loaded when called. */
import type { Command } from 'commander';
import type { MergeFlags, TrendFlags } from '../commands/past-runs.js';
import type { CommandContext } from '../context.js';
import { ciOptions } from '../options.js';

export function addPastRuns(program: Command, context: CommandContext): void {
  program
    .command('trend')
    .description(
      'show the medians of past runs like the newest (same controller, machine and datapath), with a mark where the level changed',
    )
    .argument('<scenario>', 'name, as in runs/')
    .option('--out <dir>', 'folder of runs (default: runs)')
    .option('--json', 'print JSON')
    .action(async (scenario: string, flags: TrendFlags) => {
      const { trend } = await import('../commands/past-runs.js');
      trend(scenario, flags, context);
    });
  const merge = program
    .command('merge')
    .description('join the parts of a run that several machines ran with --shard')
    .argument('<run...>', 'folders of runs, or their result.json')
    .option('--out <file>', 'write the joined result.json to the file and print the report');
  ciOptions(merge).action(async (paths: string[], flags: MergeFlags) => {
    const commands = await import('../commands/past-runs.js');
    await commands.merge(paths, flags, context);
  });
}
