/** `failover-lab bench start`: how long commands take to start. */
import { renderTable } from '../../../reports/terminal/table.js';
import { type BenchStartResult, benchStart } from '../../bench/start.js';
import { medianOf } from '../../judge/units.js';
import type { CommandContext } from '../context.js';

export interface BenchStartFlags {
  scenario: string;
  repetitions: number;
  json?: boolean;
}

/** Start each command again and again, and print how long that took. */
export function runStart(flags: BenchStartFlags, context: CommandContext): void {
  const result = benchStart(flags);
  if (flags.json) context.screen.out(`${JSON.stringify(result, null, 2)}\n`);
  else context.screen.out(`${tableOf(result, context.screen.columns).join('\n')}\n`);
}

function tableOf({ readings, ...machine }: BenchStartResult, columns: number): string[] {
  const titles = ['command', 'least', 'median', 'most', 'median beyond node'];
  const head = titles.map((title, at) => ({
    title,
    align: at === 0 ? ('left' as const) : ('right' as const),
  }));
  const seconds = (ms: number | null) => `${((ms ?? 0) / 1000).toFixed(2)} s`;
  const body = readings.map(({ command, tookMs, beyondNodeMs }) => [
    command,
    ...[Math.min(...tookMs), medianOf(tookMs), Math.max(...tookMs)].map(seconds),
    seconds(medianOf(beyondNodeMs)),
  ]);
  const { node, cores, loadBefore } = machine;
  const rounds = readings[0]?.tookMs.length ?? 0;
  return [
    ...renderTable(head, body, { columns }),
    `${rounds} rounds of all, Node ${node}, ${cores} cores, load before the bench ${loadBefore.toFixed(1)}`,
  ];
}
