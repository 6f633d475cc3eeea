/** `failover-lab bench farm`: its words and options. What it does is loaded when it is called. */
import type { Command } from 'commander';
import type { BenchFarmFlags } from '../commands/bench-farm.js';
import type { CommandContext } from '../context.js';
import { farmOptions, parallelOption, wholeNumber } from '../options.js';

/** Add it to `bench`. */
export function addFarmBench(bench: Command, context: CommandContext): void {
  const command = bench
    .command('farm')
    .description(
      'measure what a trial costs beyond its own time on other machines, with empty trials',
    )
    .option('--trials <n>', 'number of empty trials', wholeNumber(1, 100_000), 2000)
    .option('--empty-ms <ms>', 'what each takes by itself', wholeNumber(0, 60_000), 0)
    .option('--scenario <name>', 'the scenario that travels with each', 'relay-failover-fast')
    .option('--clock <kind>', 'virtual: the machines that have a guest')
    .option('--json', 'every figure, as JSON');
  farmOptions(parallelOption(command)).action(async (flags: BenchFarmFlags) => {
    const { runFarm } = await import('../commands/bench-farm.js');
    await runFarm({ ...flags, sandbox: 'auto', datapath: 'auto' }, context);
  });
}
