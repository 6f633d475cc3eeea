/** `failover-lab run`: its words and options. What it does is loaded when it is called. */
import type { Command } from 'commander';
import { LabError } from '../../errors.js';
import { refuseIdle } from '../arguments.js';
import type { RunFlags } from '../commands/run.js';
import type { CommandContext } from '../context.js';
import {
  ciOptions,
  commonOptions,
  farmOptions,
  parallelOption,
  replaceOption,
  reuseOption,
} from '../options.js';

export function addRun(program: Command, context: CommandContext): void {
  const command = program
    .command('run')
    .description('build the network, inject the faults, measure the recovery, and report')
    .argument('[scenario]', 'name in scenarios/ or a file')
    .option(
      '--all',
      'run every scenario in scenarios/, one after another; ends with 1 if one fails, else 130, 64 or 69, 2, 0',
    )
    .option(
      '--until-precise <width>',
      "add trials until the confidence interval of the median is within ±'10%' or ±'20ms'",
    )
    .option('--shard <i/n>', 'run only part i of n of the trials; join the parts with merge')
    .option(
      '--resume [run]',
      'run the missing trials of an interrupted run and add them to its record (default: the newest)',
    );
  ciOptions(farmOptions(replaceOption(reuseOption(parallelOption(commonOptions(command)))))).action(
    async (scenario: string | undefined, flags: RunFlags) => {
      refuseContradictions(command, scenario, flags);
      const { run } = await import('../commands/run.js');
      await run(scenario, flags, context);
    },
  );
}

/** Options that exclude each other. Throws WRONG_USE. */
function refuseContradictions(
  command: Command,
  scenario: string | undefined,
  flags: RunFlags,
): void {
  if (flags.all && flags.reuse) {
    const message = '--all includes scenarios whose labs cannot be reused.';
    throw new LabError('WRONG_USE', message, {
      hint: 'Omit --reuse, or name a scenario.',
    });
  }
  if (flags.all && scenario !== undefined) {
    throw new LabError('WRONG_USE', `--all runs every scenario, but ${scenario} names one.`, {
      hint: `Omit --all to run only ${scenario}.`,
    });
  }
  if (flags.all) refuseIdle(command, '--all', ['resume', 'shard', 'untilPrecise']);
  if (flags.resume !== undefined) {
    // The record decides them, so that the plan stays the one that was begun.
    refuseIdle(command, '--resume', [
      'seed',
      'trials',
      'parallel',
      'shard',
      'untilPrecise',
      'replace',
    ]);
    refuseIdle(
      command,
      '--resume',
      ['out', 'sandbox', 'datapath'].filter(
        (name) => name !== 'out' || typeof flags.resume === 'string',
      ),
    );
  }
  if (flags.untilPrecise !== undefined) refuseIdle(command, '--until-precise', ['shard']);
}
