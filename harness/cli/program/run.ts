/** `failover-lab run`: its words and options. What it does is loaded when it is called. */
import type { Command } from 'commander';
import { LabError } from '../../errors.js';
import { refuseIdle } from '../arguments.js';
import type { RunFlags } from '../commands/run.js';
import type { CommandContext } from '../context.js';
import {
  ciOptions,
  commonOptions,
  parallelOption,
  replaceOption,
  reuseOption,
} from '../options.js';

export function addRun(program: Command, context: CommandContext): void {
  const command = program
    .command('run')
    .description('build a scenario, break it, measure the recovery, report')
    .argument('[scenario]', 'name in scenarios/ or a file')
    .option(
      '--all',
      'run every scenario in scenarios/, one after the other; ends with 1 if one fails, else 130, 64 or 69, 2, 0',
    )
    .option('--until-precise <width>', "add trials until the median is known to ±'10%' or ±'20ms'")
    .option('--shard <i/n>', 'run only part i of n of the trials; join the parts with merge')
    .option(
      '--resume [run]',
      'run what is missing of an interrupted run, and add it to its record (default: the newest)',
    );
  ciOptions(replaceOption(reuseOption(parallelOption(commonOptions(command))))).action(
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
    const message = '--all runs scenarios whose labs cannot be used again.';
    throw new LabError('WRONG_USE', message, {
      hint: 'Leave --reuse out, or name a scenario.',
    });
  }
  if (flags.all && scenario !== undefined) {
    throw new LabError('WRONG_USE', `--all runs every scenario, and ${scenario} names one.`, {
      hint: `Leave out --all to run ${scenario} alone.`,
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
