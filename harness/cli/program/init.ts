/** `failover-lab init`: its words and options. What it does is loaded when it is called. */
import { type Command, Option } from 'commander';
import type { InitFlags } from '../commands/init.js';
import type { CommandContext } from '../context.js';
import { networks, pipelines } from './init-choices.js';

export function addInit(program: Command, context: CommandContext): void {
  program
    .command('init')
    .description('write a project with a scenario that runs; overwrites nothing')
    .argument('[folder]', 'where; it is made when it is missing', '.')
    .addOption(
      new Option('--network <kind>', `what the scenario is about: ${wordsOf(networks)}`).choices(
        Object.keys(networks),
      ),
    )
    .addOption(
      new Option('--ci <system>', `whose job is written: ${wordsOf(pipelines)}`).choices(
        Object.keys(pipelines),
      ),
    )
    .option('--package <spec>', 'failover-lab as npm is to install it (default: this version)')
    .option('--yes', 'ask nothing; what no option states is the first of the choices')
    .option('--json', 'print JSON')
    .action(async (folder: string, flags: InitFlags) => {
      const { init } = await import('../commands/init.js');
      await init(folder, flags, context);
    });
}

function wordsOf(choices: Readonly<Record<string, { words: string }>>): string {
  return Object.entries(choices)
    .map(([name, { words }]) => `${name} (${words})`)
    .join(', ');
}
