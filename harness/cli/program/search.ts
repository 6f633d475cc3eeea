/** `failover-lab search`: its words and options. What it does is loaded when it is called. */
import { type Command, Option } from 'commander';
import { refuseIdle } from '../arguments.js';
import type { SearchFlags } from '../commands/search.js';
import type { CommandContext } from '../context.js';
import {
  ciOptions,
  farmOptions,
  labOptions,
  parallelOption,
  replaceOption,
  wholeNumber,
} from '../options.js';

const objectives = ['outage', 'loss', 'tcp-stall', 'never-recovers', 'flow-changes'];

export function addSearch(program: Command, context: CommandContext): void {
  const command = program
    .command('search')
    .description(
      'draw schedules of failures by the seed, keep to what was bad, and write each finding as a scenario file as simple as it can be made',
    )
    .argument('[scenario]', 'name in scenarios/ or a file')
    .option('--budget <n>', 'trials at the most', wholeNumber(2, 1000), 40)
    .addOption(
      new Option('--objective <what>', 'what makes a trial bad')
        .choices(objectives)
        .default('outage'),
    )
    .option('--at-once <n>', 'failures of one trial at the most', wholeNumber(1, 6), 2)
    .option(
      '--elements <list>',
      'nodes, links, tunnels, controllers, or names of single elements, separated by commas (default: all)',
    )
    .option(
      '--faults <list>',
      'kinds of faults, separated by commas: power-off,packet-loss (default: all that fit)',
    )
    .option(
      '--resume [search]',
      'go on with an interrupted search and add to its record (default: the newest record)',
    );
  const lab = labOptions(command).option('--json', 'print only search.json on standard output');
  ciOptions(farmOptions(replaceOption(parallelOption(lab)))).action(
    async (scenario: string | undefined, flags: SearchFlags) => {
      if (flags.resume !== undefined) {
        refuseIdle(command, '--resume', [
          ...['seed', 'parallel', 'replace', 'elements', 'faults', 'budget', 'objective', 'atOnce'],
          ...['sandbox', 'datapath'],
        ]);
      }
      const { search } = await import('../commands/search.js');
      await search(scenario, flags, context);
    },
  );
}
