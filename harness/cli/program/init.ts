/** `failover-lab init`: its words and options. What it does is loaded when it is called. */
import { type Command, Option } from 'commander';
import type { InitFlags } from '../commands/init.js';
import type { CommandContext } from '../context.js';
import { networks, pipelines } from './init-choices.js';

export function addInit(program: Command, context: CommandContext): void {
  program
    .command('init')
    .description('write a project with a scenario that runs; overwrites nothing')
    .argument('[folder]', 'folder to write to; created if it does not exist', '.')
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
    .option('--package <spec>', 'what npm installs as failover-lab (default: this version)')
    .option('--yes', 'ask no questions; the first choice where no option states another')
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
