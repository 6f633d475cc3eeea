/** `failover-lab sweep`: its words and options. What it does is loaded when it is called. */
import type { Command } from 'commander';
import { refuseIdle } from '../arguments.js';
import type { SweepFlags } from '../commands/sweep.js';
import type { CommandContext } from '../context.js';
import {
  ciOptions,
  commonOptions,
  farmOptions,
  parallelOption,
  replaceOption,
  wholeNumber,
} from '../options.js';

export function addSweep(program: Command, context: CommandContext): void {
  const command = program
    .command('sweep')
    .description(
      'fail every element that the traffic could depend on, one after another, and rank them by how long the loss is felt',
    )
    .argument('[scenario]', 'name in scenarios/ or a file')
    .option(
      '--elements <list>',
      'nodes, links, tunnels, controllers, or names of single elements, separated by commas (default: all)',
    )
    .option(
      '--faults <list>',
      'kinds of faults, separated by commas: power-off,link-down (default: the one by which each element fails by itself)',
    )
    .option(
      '--pairs <n>',
      'fail up to n pairs of elements at once as well, drawn by the seed from those that leave a path',
      wholeNumber(1, 1000),
    )
    .option(
      '--since <sweep>',
      'folder of an earlier sweep: print which failures are felt longer now',
    )
    .option(
      '--resume [sweep]',
      'run the missing trials of an interrupted sweep and add them to its record (default: the newest record)',
    );
  ciOptions(
    farmOptions(replaceOption(parallelOption(commonOptions(command, '1 of each failure')))),
  ).action(async (scenario: string | undefined, flags: SweepFlags) => {
    if (flags.resume !== undefined) {
      refuseIdle(command, '--resume', [
        ...['seed', 'trials', 'parallel', 'replace', 'elements', 'faults', 'pairs'],
        ...['sandbox', 'datapath'],
      ]);
    }
    const { sweep } = await import('../commands/sweep.js');
    await sweep(scenario, flags, context);
  });
}
