/** `failover-lab worker`: its words and options. What it does is loaded when it is called. */
import { type Command, Option } from 'commander';
import type { WorkerFlags } from '../commands/worker.js';
import type { CommandContext } from '../context.js';
import { placeOptions, wholeNumber } from '../options.js';

export function addWorker(program: Command, context: CommandContext): void {
  const command = program
    .command('worker')
    .description('execute trials of a queue on this machine, for campaigns that have --queue')
    .addOption(
      new Option(
        '--queue <url>',
        'Redis of the queue (redis://host:port, rediss:// for TLS); its password is read from FAILOVER_LAB_REDIS_PASSWORD',
      ).makeOptionMandatory(),
    )
    .option('--name <name>', 'what campaigns call this machine (default: its host name)')
    .option(
      '--parallel <k>',
      'trials at a time (default: 1; with --clock virtual: the number of processors)',
      wholeNumber(1, 64),
    );
  placeOptions(command).action(async (flags: WorkerFlags) => {
    const { worker } = await import('../commands/worker.js');
    await worker(flags, context);
  });
}
