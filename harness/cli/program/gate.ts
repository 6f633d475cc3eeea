/** `failover-lab gate`: its words and options. What it does is loaded when it is called. */
import type { Command } from 'commander';
import { LabError } from '../../errors.js';
import type { GateFlags } from '../commands/gate.js';
import type { CommandContext } from '../context.js';
import {
  ciOptions,
  commonOptions,
  farmOptions,
  parallelOption,
  replaceOption,
  reuseOption,
} from '../options.js';

/** Written out, since every start loads it; a test holds it to judge/gate/trial-counts.ts. */
export const trialsHelp = '10; 20 for a baseline; in virtual time 5 and 10';

export function addGate(program: Command, context: CommandContext): void {
  const command = program
    .command('gate')
    .description('compare recovery with the committed baseline; fails only on evidence')
    .argument('<scenario...>', 'names in scenarios/ or files')
    .option('--update', 'run, and write the baseline next to the scenario')
    .option('--across-environments', 'judge by absolute bounds when the machine differs')
    .option(
      '--shard <i/n>',
      'run only part i of n of the trials, without a verdict; see --recorded',
    )
    .option('--recorded <run...>', 'run no trials; judge these recorded runs, with shards joined');
  ciOptions(
    farmOptions(replaceOption(reuseOption(parallelOption(commonOptions(command, trialsHelp))))),
  ).action(async (scenarios: string[], flags: GateFlags) => {
    refuseContradictions(flags);
    const chosen = command.getOptionValueSource('trials') !== 'default';
    const { gate } = await import('../commands/gate.js');
    await gate(scenarios, flags, chosen ? flags.trials : undefined, context);
  });
}

/** Options that exclude each other, refused before anything is read or run. */
function refuseContradictions(flags: GateFlags): void {
  const files = flags.junit !== undefined || flags.markdown !== undefined;
  const shard = flags.shard !== undefined;
  const contradictions: Array<[boolean, string]> = [
    [shard && flags.recorded !== undefined, '--shard runs trials; --recorded runs none.'],
    [
      flags.reuse === true && flags.recorded !== undefined,
      '--reuse affects how trials are run; --recorded runs none.',
    ],
    [
      shard && flags.update === true,
      '--update needs all trials; --shard runs only a part of them.',
    ],
    [shard && files, '--shard gives no verdict for --junit or --markdown to report.'],
    [
      flags.update === true && files,
      '--update gives no verdict for --junit or --markdown to report.',
    ],
  ];
  const wrong = contradictions.find(([both]) => both);
  if (wrong) throw new LabError('WRONG_USE', wrong[1], { hint: 'Omit one of them.' });
}
