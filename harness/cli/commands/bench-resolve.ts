/** `failover-lab bench resolve`: how long large scenarios take to be checked and planned. */
import { renderTable } from '../../../reports/terminal/table.js';
import { benchResolve, type ResolveReading } from '../../bench/resolve.js';
import { medianOf } from '../../judge/units.js';
import type { CommandContext } from '../context.js';

export interface BenchResolveFlags {
  repetitions: number;
  json?: boolean;
}

/** Check and plan each topology, and print the medians. */
export function runResolve(flags: BenchResolveFlags, context: CommandContext): void {
  const readings = benchResolve(flags.repetitions);
  if (flags.json) context.screen.out(`${JSON.stringify(readings, null, 2)}\n`);
  else context.screen.out(`${tableOf(readings, context.screen.columns).join('\n')}\n`);
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
