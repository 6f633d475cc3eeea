/** `failover-lab diff`: its words and options. What it does is loaded when it is called. */
import { type Command, Option } from 'commander';
import type { DiffFlags } from '../commands/diff.js';
import type { CommandContext } from '../context.js';

export function addDiff(program: Command, context: CommandContext): void {
  program
    .command('diff')
    .description('compare two recorded runs: numbers, phases, throughput, environment, scenario')
    .argument('<a>', 'folder of a run')
    .argument('<b>', 'folder of another one')
    .addOption(
      new Option('--format <format>', 'format to print')
        .choices(['terminal', 'html', 'markdown', 'json'])
        .default('terminal'),
    )
    .option('--out <file>', 'write to the file instead')
    .action(async (a: string, b: string, flags: DiffFlags) => {
      const { diff } = await import('../commands/diff.js');
      await diff(a, b, flags, context);
    });
}
