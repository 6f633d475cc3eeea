/** `failover-lab show`: its words and options. What it does is loaded when it is called. */
import { type Command, InvalidArgumentError } from 'commander';
import { defaultOut } from '../../api/places.js';
import type { CommandContext } from '../context.js';
import type { ShowFlags } from '../show/command.js';

export function addShow(program: Command, context: CommandContext): void {
  program
    .command('show')
    .description('serve the recorded runs on 127.0.0.1, with a live view of a running one')
    .option('--port <port>', 'TCP port, 0 for a free one', portOf, 0)
    .option('--out <folder>', 'folder of the runs', defaultOut())
    .action(async (flags: ShowFlags) => {
      const { show } = await import('../show/command.js');
      await show(flags, context);
    });
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('The port must be a whole number from 0 to 65535.');
}
