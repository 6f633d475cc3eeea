/** `failover-lab import`: its words and options. What it does is loaded when it is called. */
import { type Command, Option } from 'commander';
import type { ImportFlags } from '../commands/import.js';
import type { CommandContext } from '../context.js';

export function addImport(program: Command, context: CommandContext): void {
  program
    .command('import')
    .description("write a scenario from another program's file; builds and starts nothing")
    .argument(
      '<file>',
      'a map (.graphml, .gml), a containerlab file (.clab.yml) or a Mininet script (.py)',
    )
    .option('--out <file>', 'the scenario to write (default: by the name of the file)')
    .option('--force', 'overwrite the scenario if it exists')
    .addOption(
      new Option('--as <nodes>', 'what the nodes of a map become (default: routers)').choices([
        'routers',
        'switches',
        'relays',
      ]),
    )
    .option('--no-delays', 'links of a map without the delays of their lengths')
    .option('--json', 'print JSON')
    .action(async (file: string, flags: ImportFlags) => {
      const { importAsScenario } = await import('../commands/import.js');
      await importAsScenario(file, flags, context);
    });
}
