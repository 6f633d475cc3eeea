/** `failover-lab compare`: its words and options. What it does is loaded when it is called. */
import type { Command } from 'commander';
import { refuseIdle } from '../arguments.js';
import type { CompareFlags } from '../commands/compare.js';
import type { CommandContext } from '../context.js';
import { commonOptions, farmOptions, replaceOption } from '../options.js';

export function addCompare(program: Command, context: CommandContext): void {
  const command = program
    .command('compare')
    .description(
      'run one scenario with several controllers, images or routings (--routing a,b), with interleaved trials, and compare them in one table',
    )
    .argument('<scenario>', 'name in scenarios/ or a file')
    .option(
      '--controllers <list>',
      'names as for --controller, separated by commas: floyd,fast-failover:bfd=10ms*3',
    )
    .option('--images <list>', 'names as for --image, separated by commas; in virtual time');
  farmOptions(replaceOption(commonOptions(command))).action(
    async (scenario: string, flags: CompareFlags) => {
      if (flags.controllers !== undefined) refuseIdle(command, '--controllers', ['controller']);
      if (flags.images !== undefined) refuseIdle(command, '--images', ['image']);
      const named = flags.controllers === undefined ? '--images' : '--controllers';
      if (flags.controllers !== undefined || flags.images !== undefined)
        refuseIdle(command, named, ['routing']);
      const { compare } = await import('../commands/compare.js');
      await compare(scenario, flags, context);
    },
  );
}
