/** `failover-lab bench <name>`: words and options; what each bench does is loaded when called. */
import { type Command, Option } from 'commander';
import { LabError } from '../../errors.js';
import type { BusyFlags } from '../commands/bench-busy.js';
import type { BenchGateFlags } from '../commands/bench-gate.js';
import type { BenchMeterFlags, MeterCostFlags } from '../commands/bench-meter.js';
import type { OverheadFlags } from '../commands/bench-overhead.js';
import type { BenchReportFlags } from '../commands/bench-report.js';
import type { BenchResolveFlags } from '../commands/bench-resolve.js';
import type { BenchScaleFlags } from '../commands/bench-scale.js';
import type { SoakFlags } from '../commands/bench-soak.js';
import type { BenchStartFlags } from '../commands/bench-start.js';
import type { CommandContext } from '../context.js';
import { wholeNumber } from '../options.js';
import { addFarmBench } from './bench-farm.js';
import { addVirtualBenches } from './bench-virtual.js';

export function addBench(program: Command, context: CommandContext): void {
  const bench = program
    .command('bench')
    .description('measure the instruments and the program itself');
  addMeter(bench, context);
  addMeterCost(bench, context);
  addOverhead(bench, context);
  addReportBench(bench, context);
  addGateBench(bench, context);
  addResolve(bench, context);
  addSoak(bench, context);
  addBusy(bench, context);
  addStart(bench, context);
  addScale(bench, context);
  addVirtualBenches(bench, context);
  addFarmBench(bench, context);
}

function addMeter(bench: Command, context: CommandContext): void {
  bench
    .command('meter')
    .description(
      'compare outages of known length as read by the meter, ping and iperf3 with packet captures',
    )
    .option('--repetitions <n>', 'trials of every length and direction', wholeNumber(1, 100), 1)
    .option('--hogs <n>', 'busy processes running at the same time', wholeNumber(0, 64), 0)
    .option('--longest <ms>', 'longest outage to measure', wholeNumber(50, 8000), 8000)
    .option('--json', 'every reading, as JSON')
    .action(async (flags: BenchMeterFlags) => {
      const { runMeter } = await import('../commands/bench-meter.js');
      await runMeter(flags, context);
    });
}

function addMeterCost(bench: Command, context: CommandContext): void {
  bench
    .command('meter-cost')
    .description('compare the throughput of iperf3 with and without the meter, in pairs')
    .option('--pairs <n>', 'number of pairs', wholeNumber(1, 100), 5)
    .option('--seconds <n>', 'duration of each measurement', wholeNumber(1, 60), 4)
    .option('--json', 'every pair, as JSON')
    .action(async (flags: MeterCostFlags) => {
      const { runCost } = await import('../commands/bench-meter.js');
      await runCost(flags, context);
    });
}

function addOverhead(bench: Command, context: CommandContext): void {
  bench
    .command('overhead')
    .description('compare iperf3 in a run with the same command by hand in the same lab, in pairs')
    .option('--scenario <name>', 'the lab', 'relay-failover')
    .option('--pairs <n>', 'number of pairs', wholeNumber(1, 50), 5)
    .option('--seconds <n>', 'duration of each measurement', wholeNumber(1, 60), 5)
    .option('--unlimited', "remove the scenario's bitrate cap, so that processors are the limit")
    .option('--json', 'every pair, as JSON')
    .action(async (flags: OverheadFlags) => {
      const { runOverhead } = await import('../commands/bench-overhead.js');
      await runOverhead(flags, context);
    });
}

function addReportBench(bench: Command, context: CommandContext): void {
  bench
    .command('report')
    .description(
      'measure the time to first content and long tasks while scrolling, in a real browser',
    )
    .argument('[run]', 'recorded run whose history is repeated (default: the newest)')
    .option('--events <n>', 'number of events in the history', wholeNumber(1, 1_000_000), 100_000)
    .option('--repetitions <n>', 'number of times the page is opened', wholeNumber(1, 50), 5)
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
      'run 40 gates of an unchanged scenario and 20 of a slower one, drawn from pools of real trials',
    )
    .option('--scenario <name>', 'the scenario', 'relay-failover-fast')
    .option(
      '--slower <controller>',
      '--controller of the slower side',
      'floyd-bfd:extraDetection=100ms,hold=500ms',
    )
    .option('--pools <file>', 'the pools (default: gate-pools.json in the folder of runs)')
    .option(
      '--make-pools',
      'fill the pools first by running real trials; continues where it stopped',
    )
    .option(
      '--recorded <run...>',
      'take the unchanged trials from these runs instead of making them',
    )
    .option(
      '--recorded-slower <run...>',
      'take the slower trials from these runs; needs --recorded',
    )
    .option('--side-by-side', 'make the pools of both sides concurrently, each in its own lab')
    .option('--reuse', 'keep one lab for all trials of a run of the pools; see run --help')
    .option('--per-side <n>', 'valid trials per side', wholeNumber(40, 2000), 160)
    .option(
      '--trials-per-run <n>',
      'trials per run while making the pools',
      wholeNumber(1, 200),
      20,
    )
    .option('--trials <n>', 'trials per gate', wholeNumber(10, 100), 10)
    .option('--seed <n>', 'seed of the plan and of the draws', wholeNumber(0, 2 ** 32 - 1), 7)
    .option('--json', 'every gate with every reading, as JSON')
    .action(async (flags: BenchGateFlags) => {
      const { runGate } = await import('../commands/bench-gate.js');
      await runGate(flags, context);
    });
}

function addResolve(bench: Command, context: CommandContext): void {
  bench
    .command('resolve')
    .description('measure how long checking and planning large scenarios takes; builds nothing')
    .option('--repetitions <n>', 'repetitions of each topology', wholeNumber(1, 1000), 9)
    .option('--json', 'every reading, as JSON')
    .action(async (flags: BenchResolveFlags) => {
      const { runResolve } = await import('../commands/bench-resolve.js');
      runResolve(flags, context);
    });
}

function addSoak(bench: Command, context: CommandContext): void {
  bench
    .command('soak')
    .description('run short random scenarios with random kills and check the invariants after each')
    .option('--minutes <n>', 'start no new run after this time', wholeNumber(1, 10_000), 10)
    .option(
      '--kills <n>',
      'start no new run after this many kills',
      wholeNumber(1, 100_000),
      100_000,
    )
    .option(
      '--parallel <k>',
      'number of concurrent runs, each on its own machine',
      wholeNumber(1, 16),
      1,
    )
    .addOption(
      new Option(
        '--sandbox <kind>',
        "kind of sandbox; none: the machine's own network and Open vSwitch",
      )
        .choices(['auto', 'none'])
        .default('auto'),
    )
    .addOption(
      new Option('--of <kind>', 'what the nodes are: relays, or routers of FRR')
        .choices(['relays', 'routers'])
        .default('relays'),
    )
    .option('--seed <n>', 'seed of scenarios and moments', wholeNumber(0, 2 ** 32 - 1))
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
      'run beside busy processes: no run may fail, and no run with an injected loss may pass',
    )
    .option(
      '--runs <list>',
      `scenario=count, separated by commas (default: ${usualRuns})`,
      readRuns,
    )
    .option('--hogs <n>', 'number of busy processes beside each run', wholeNumber(0, 64), 4)
    .option(
      '--controls <n>',
      'number of runs with a loss injected by a filter',
      wholeNumber(0, 100),
      3,
    )
    .option('--loss-ms <ms>', 'duration of that loss', wholeNumber(5, 1000), 40)
    .option('--seed <n>', 'seed of the first run of each scenario', wholeNumber(0, 2 ** 32 - 1), 1)
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
    .description(
      'measure how long commands take to start, interleaved with an empty program of Node',
    )
    .option('--scenario <name>', 'scenario to validate', 'relay-failover')
    .option('--repetitions <n>', 'repetitions of each command', wholeNumber(1, 1000), 15)
    .option('--json', 'every reading, as JSON')
    .action(async (flags: BenchStartFlags) => {
      const { runStart } = await import('../commands/bench-start.js');
      await runStart(flags, context);
    });
}

function addScale(bench: Command, context: CommandContext): void {
  bench
    .command('scale')
    .description(
      "measure how long networks of many nodes take to build and end, beside plain Mininet's own build",
    )
    .option(
      '--of <kinds>',
      'what the nodes are: switches, relays, routers (of FRR)',
      'switches,relays',
    )
    .option('--sizes <list>', 'numbers of nodes, each with a host', '20,50,100')
    .option('--alone', 'build without plain Mininet and without the floor beside it')
    .option('--json', 'every reading, as JSON')
    .action(async ({ of, sizes, ...flags }: ScaleWords) => {
      const { readKinds, readSizes, runScale } = await import('../commands/bench-scale.js');
      await runScale({ ...flags, of: readKinds(of), sizes: readSizes(sizes) }, context);
    });
}

type ScaleWords = Pick<BenchScaleFlags, 'alone' | 'json'> & { of: string; sizes: string };
