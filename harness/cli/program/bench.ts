/** `failover-lab bench <name>`: words and options; what each bench does is loaded when called. */
import { type Command, Option } from 'commander';
import { LabError } from '../../errors.js';
import type { BusyFlags } from '../commands/bench-busy.js';
import type { BenchGateFlags } from '../commands/bench-gate.js';
import type { BenchMeterFlags, MeterCostFlags } from '../commands/bench-meter.js';
import type { OverheadFlags } from '../commands/bench-overhead.js';
import type { BenchReportFlags } from '../commands/bench-report.js';
import type { BenchResolveFlags } from '../commands/bench-resolve.js';
import type { SoakFlags } from '../commands/bench-soak.js';
import type { BenchStartFlags } from '../commands/bench-start.js';
import type { CommandContext } from '../context.js';
import { wholeNumber } from '../options.js';

export function addBench(program: Command, context: CommandContext): void {
  const bench = program.command('bench').description('measure what is claimed');
  addMeter(bench, context);
  addMeterCost(bench, context);
  addOverhead(bench, context);
  addReportBench(bench, context);
  addGateBench(bench, context);
  addResolve(bench, context);
  addSoak(bench, context);
  addBusy(bench, context);
  addStart(bench, context);
}

function addMeter(bench: Command, context: CommandContext): void {
  bench
    .command('meter')
    .description('outages of known length, read by the meter, ping and iperf3, against captures')
    .option('--repetitions <n>', 'of every length and direction', wholeNumber(1, 100), 1)
    .option('--hogs <n>', 'busy processes beside it', wholeNumber(0, 64), 0)
    .option('--longest <ms>', 'leave out longer outages', wholeNumber(50, 8000), 8000)
    .option('--json', 'every reading, as JSON')
    .action(async (flags: BenchMeterFlags) => {
      const { runMeter } = await import('../commands/bench-meter.js');
      await runMeter(flags, context);
    });
}

function addMeterCost(bench: Command, context: CommandContext): void {
  bench
    .command('meter-cost')
    .description('throughput of iperf3 with and without the meter, in pairs')
    .option('--pairs <n>', 'how many pairs', wholeNumber(1, 100), 5)
    .option('--seconds <n>', 'of each measurement', wholeNumber(1, 60), 4)
    .option('--json', 'every pair, as JSON')
    .action(async (flags: MeterCostFlags) => {
      const { runCost } = await import('../commands/bench-meter.js');
      await runCost(flags, context);
    });
}

function addOverhead(bench: Command, context: CommandContext): void {
  bench
    .command('overhead')
    .description('iperf3 inside a run against the same line by hand in the same lab, in pairs')
    .option('--scenario <name>', 'the lab', 'relay-failover')
    .option('--pairs <n>', 'how many pairs', wholeNumber(1, 50), 5)
    .option('--seconds <n>', 'of each measurement', wholeNumber(1, 60), 5)
    .option('--unlimited', "without the scenario's bitrate cap, so that processors are the limit")
    .option('--json', 'every pair, as JSON')
    .action(async (flags: OverheadFlags) => {
      const { runOverhead } = await import('../commands/bench-overhead.js');
      await runOverhead(flags, context);
    });
}

function addReportBench(bench: Command, context: CommandContext): void {
  bench
    .command('report')
    .description('time to first content and long tasks while scrolling, in a real browser')
    .argument('[run]', 'a recorded run whose history is repeated (default: the newest)')
    .option('--events <n>', 'events of the history', wholeNumber(1, 1_000_000), 100_000)
    .option('--repetitions <n>', 'times the page is opened', wholeNumber(1, 50), 5)
    .option('--json', 'every reading, as JSON')
    .action(async (path: string | undefined, flags: BenchReportFlags) => {
      const { runReport } = await import('../commands/bench-report.js');
      await runReport(path, flags, context);
    });
}

function addGateBench(bench: Command, context: CommandContext): void {
  bench
    .command('gate')
    .description(
      '40 gates of an unchanged scenario and 20 of a slower one, from pools of real trials',
    )
    .option('--scenario <name>', 'the scenario', 'relay-failover-fast')
    .option(
      '--slower <controller>',
      '--controller of the slower side',
      'floyd-bfd:extraDetection=100ms,hold=500ms',
    )
    .option('--pools <file>', 'the pools (default: gate-pools.json in the folder of runs)')
    .option('--make-pools', 'fill the pools first by running real trials; goes on where it stopped')
    .option('--recorded <run...>', 'take the unchanged trials from these runs, and make none')
    .option('--recorded-slower <run...>', 'the slower trials, beside --recorded')
    .option('--side-by-side', 'make the pools of both sides at the same time, a lab each')
    .option('--reuse', 'keep one lab for all trials of a run of the pools; see run --help')
    .option('--per-side <n>', 'valid trials a side', wholeNumber(40, 2000), 160)
    .option('--trials-per-run <n>', 'trials of one run of the pools', wholeNumber(1, 200), 20)
    .option('--trials <n>', 'trials of one gate', wholeNumber(10, 100), 10)
    .option('--seed <n>', 'of the plan and of the draws', wholeNumber(0, 2 ** 32 - 1), 7)
    .option('--json', 'every gate with every reading, as JSON')
    .action(async (flags: BenchGateFlags) => {
      const { runGate } = await import('../commands/bench-gate.js');
      await runGate(flags, context);
    });
}

function addResolve(bench: Command, context: CommandContext): void {
  bench
    .command('resolve')
    .description('how long large scenarios take to be checked and planned; builds nothing')
    .option('--repetitions <n>', 'of each topology', wholeNumber(1, 1000), 9)
    .option('--json', 'every reading, as JSON')
    .action(async (flags: BenchResolveFlags) => {
      const { runResolve } = await import('../commands/bench-resolve.js');
      runResolve(flags, context);
    });
}

function addSoak(bench: Command, context: CommandContext): void {
  bench
    .command('soak')
    .description('random short runs with random kills; checks what must hold after each')
    .option('--minutes <n>', 'no new run begins after it', wholeNumber(1, 10_000), 10)
    .option('--kills <n>', 'nor after so many kills', wholeNumber(1, 100_000), 100_000)
    .option('--parallel <k>', 'so many runs at a time, on a machine each', wholeNumber(1, 16), 1)
    .addOption(
      new Option('--sandbox <kind>', "none: labs on each machine's own network and Open vSwitch")
        .choices(['auto', 'none'])
        .default('auto'),
    )
    .option('--seed <n>', 'fixes scenarios and moments', wholeNumber(0, 2 ** 32 - 1))
    .option('--json', 'every round, as JSON')
    .action(async (flags: SoakFlags) => {
      const { runSoak } = await import('../commands/bench-soak.js');
      await runSoak(flags, context);
    });
}

function addBusy(bench: Command, context: CommandContext): void {
  bench
    .command('busy')
    .description(
      'runs beside processor hogs: none may fail, and none with an injected loss may pass',
    )
    .option(
      '--runs <list>',
      `scenario=count, with commas between (default: ${usualRuns})`,
      readRuns,
    )
    .option('--hogs <n>', 'busy processes beside each run', wholeNumber(0, 64), 4)
    .option('--controls <n>', 'runs with a loss made by a filter', wholeNumber(0, 100), 3)
    .option('--loss-ms <ms>', 'length of that loss', wholeNumber(5, 1000), 40)
    .option('--seed <n>', 'of the first run of each scenario', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--json', 'every run, as JSON')
    .action(
      async ({
        runs = readRuns(usualRuns),
        ...flags
      }: Partial<BusyFlags> & Omit<BusyFlags, 'runs'>) => {
        const { runBusy } = await import('../commands/bench-busy.js');
        await runBusy({ ...flags, runs }, context);
      },
    );
}

const usualRuns = 'relay-failover-fast=10,controller-failover=10,relay-failover=3';

function readRuns(text: string): Array<[string, number]> {
  return text.split(',').map((part) => {
    const [scenario = '', count = '', ...rest] = part.split('=');
    if (scenario !== '' && rest.length === 0 && /^[1-9]\d{0,3}$/.test(count)) {
      return [scenario, Number(count)];
    }
    throw new LabError('WRONG_USE', `--runs has '${part}', which is not scenario=count.`, {
      hint: `Write ${usualRuns}.`,
    });
  });
}

function addStart(bench: Command, context: CommandContext): void {
  bench
    .command('start')
    .description('how long commands take to start, against an empty program of Node, turn by turn')
    .option('--scenario <name>', 'the scenario that is validated', 'relay-failover')
    .option('--repetitions <n>', 'of each command', wholeNumber(1, 1000), 15)
    .option('--json', 'every reading, as JSON')
    .action(async (flags: BenchStartFlags) => {
      const { runStart } = await import('../commands/bench-start.js');
      await runStart(flags, context);
    });
}
