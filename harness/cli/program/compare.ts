/** `failover-lab compare`: its words and options. What it does is loaded when it is called. */
import type { Command } from 'commander';
import { refuseIdle } from '../arguments.js';
import type { CompareFlags } from '../commands/compare.js';
import type { CommandContext } from '../context.js';
import { commonOptions, replaceOption } from '../options.js';

export function addCompare(program: Command, context: CommandContext): void {
  const command = program
    .command('compare')
    .description(
      'run one scenario with several controllers, with interleaved trials, and compare them in one table',
    )
    .argument('<scenario>', 'name in scenarios/ or a file')
    .requiredOption(
      '--controllers <list>',
      'names as for --controller, separated by commas: floyd,fast-failover:bfd=10ms*3',
    );
  replaceOption(commonOptions(command)).action(async (scenario: string, flags: CompareFlags) => {
    refuseIdle(command, '--controllers', ['controller']);
    const { compare } = await import('../commands/compare.js');
    await compare(scenario, flags, context);
  });
}
