/** `failover-lab bench resolve`: how long large scenarios take to be checked and planned. */
import type { Command } from 'commander';
import { renderTable } from '../../../reports/terminal/table.js';
import { medianOf } from '../../analysis/units.js';
import { benchResolve, type ResolveReading } from '../../bench/resolve.js';
import type { CommandContext } from '../context.js';
import { wholeNumber } from '../options.js';

interface BenchResolveFlags {
  repetitions: number;
  json?: boolean;
}

/** Adds `resolve` below the `bench` command. */
export function addBenchResolve(bench: Command, context: CommandContext): void {
  bench
    .command('resolve')
    .description('how long large scenarios take to be checked and planned; builds nothing')
    .option('--repetitions <n>', 'of each topology', wholeNumber(1, 1000), 9)
    .option('--json', 'every reading, as JSON')
    .action((flags: BenchResolveFlags) => {
      const readings = benchResolve(flags.repetitions);
      if (flags.json) context.screen.out(`${JSON.stringify(readings, null, 2)}\n`);
      else context.screen.out(`${tableOf(readings, context.screen.columns).join('\n')}\n`);
    });
}

function tableOf(readings: readonly ResolveReading[], columns: number): string[] {
  const head = ['topology', 'nodes', 'joins', 'one trial, ms', 'ten trials, ms'].map(
    (title, at) => ({ title, align: at === 0 ? ('left' as const) : ('right' as const) }),
  );
  const median = (values: readonly number[]) => (medianOf(values) ?? 0).toFixed(1);
  const body = readings.map(({ topology, nodes, joins, oneTrialMs, tenTrialsMs }) => [
    topology,
    String(nodes),
    String(joins),
    median(oneTrialMs),
    median(tenTrialsMs),
  ]);
  return renderTable(head, body, { columns });
}
