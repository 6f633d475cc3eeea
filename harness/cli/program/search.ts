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
      'draw schedules of failures by the seed, explore around the worst, and write each finding, made as simple as possible, as a scenario file',
    )
    .argument('[scenario]', 'name in scenarios/ or a file')
    .option('--budget <n>', 'maximum number of trials', wholeNumber(2, 1000), 40)
    .addOption(
      new Option('--objective <what>', 'what makes a trial bad')
        .choices(objectives)
        .default('outage'),
    )
    .option('--at-once <n>', 'maximum number of failures in one trial', wholeNumber(1, 6), 2)
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
      'continue an interrupted search and add to its record (default: the newest record)',
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
