/** The benches of virtual time: words and options; what each does is loaded when it is called. */
import type { Command } from 'commander';
import type { BenchVirtualFlags } from '../commands/bench-virtual.js';
import type { BenchVirtualGateFlags } from '../commands/bench-virtual-gate.js';
import type { BenchRepeatFlags } from '../commands/bench-virtual-repeat.js';
import type { CommandContext } from '../context.js';
import { wholeNumber } from '../options.js';

const kernelWords = "the guest's kernel (default: the one that `kernel build` made)";
const seedMost = 2 ** 32 - 1;

/** Add them to `bench`. */
export function addVirtualBenches(bench: Command, context: CommandContext): void {
  addCost(bench, context);
  addRepeat(bench, context);
  addGates(bench, context);
}

function addCost(bench: Command, context: CommandContext): void {
  bench
    .command('virtual')
    .description('measure the processor time of a trial in virtual time, and what it goes into')
    .option('--scenario <name>', 'the scenario', 'relay-failover-fast')
    .option('--seed <n>', 'seed of the trial', wholeNumber(0, seedMost), 3)
    .option('--kernel <file>', kernelWords)
    .option('--json', 'every reading, as JSON')
    .action(async (flags: BenchVirtualFlags) => {
      const { runVirtual } = await import('../commands/bench-virtual.js');
      await runVirtual(flags, context);
    });
}

function addRepeat(bench: Command, context: CommandContext): void {
  bench
    .command('virtual-repeat')
    .description(
      'run one trial of virtual time five times, beside busy processes, as another user and from another folder; all must be the same',
    )
    .option('--scenario <name>', 'the scenario', 'relay-failover-fast')
    .option('--seed <n>', 'seed of the trial', wholeNumber(0, seedMost), 3)
    .option('--hogs <n>', 'number of busy processes beside two of the runs', wholeNumber(0, 64), 4)
    .option('--kernel <file>', kernelWords)
    .option('--json', 'every reading, as JSON')
    .action(async (flags: BenchRepeatFlags) => {
      const { runRepeat } = await import('../commands/bench-virtual-repeat.js');
      await runRepeat(flags, context);
    });
}

function addGates(bench: Command, context: CommandContext): void {
  const gates = wholeNumber(0, 10_000);
  bench
    .command('virtual-gate')
    .description(
      'run gates in virtual time beside busy processes: unchanged against itself, and with slower detection; goes on where it was stopped',
    )
    .option('--scenario <name>', 'name or file of the scenario', 'relay-failover-fast')
    .option(
      '--slower <controller>',
      'controller of the slower side',
      'floyd-bfd:extraDetection=5ms,hold=500ms',
    )
    .option('--unchanged <n>', 'number of gates of unchanged code', gates, 40)
    .option('--slower-gates <n>', 'number of gates of the slower side', gates, 20)
    .option('--trials <n>', 'trials of a gate', wholeNumber(1, 1000), 5)
    .option(
      '--pool <n>',
      'run so many trials of each side once, and let the gates draw theirs from them',
      wholeNumber(2, 10_000),
    )
    .option('--hogs <n>', 'number of busy processes beside them', wholeNumber(0, 64), 2)
    .option('--seed <n>', 'seed of the first gate', wholeNumber(0, seedMost), 1)
    .option('--folder <folder>', 'keeps the result of every run', 'runs/bench-virtual-gate')
    .option('--kernel <file>', kernelWords)
    .option('--json', 'every gate, as JSON')
    .action(async (flags: BenchVirtualGateFlags) => {
      const { runVirtualGate } = await import('../commands/bench-virtual-gate.js');
      await runVirtualGate(flags, context);
    });
}
