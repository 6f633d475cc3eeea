/** `failover-lab bench meter` and `bench meter-cost`: how right the meter is, and what it costs. */
import { renderTable } from '../../../reports/terminal/table.js';
import type { Spread } from '../../bench/meter/summary.js';
import {
  type BenchMeterResult,
  benchMeter,
  defaultDirections,
  defaultLengthsMs,
} from '../../bench/meter.js';
import { benchMeterCost, type MeterCostResult } from '../../bench/meter-cost.js';
import type { CommandContext } from '../context.js';
import { listenForInterruption } from '../signals.js';

export interface BenchMeterFlags {
  repetitions: number;
  hogs: number;
  longest: number;
  json?: boolean;
}

export interface MeterCostFlags {
  pairs: number;
  seconds: number;
  json?: boolean;
}

/** Cut for known times and print how far each instrument was off. */
export async function runMeter(flags: BenchMeterFlags, context: CommandContext): Promise<void> {
  const { repetitions, hogs } = flags;
  const result = await interruptible(context, (common) =>
    benchMeter({
      lengthsMs: defaultLengthsMs.filter((lengthMs) => lengthMs <= flags.longest),
      directions: defaultDirections,
      repetitions,
      hogs,
      ...common,
    }),
  );
  print(context, flags.json, result, () => meterTable(result, context.screen.columns));
}

/** Measure the pairs and print them with their median ratio. */
export async function runCost(flags: MeterCostFlags, context: CommandContext): Promise<void> {
  const { pairs, seconds: secondsEach } = flags;
  const result = await interruptible(context, (common) =>
    benchMeterCost({ pairs, secondsEach, ...common }),
  );
  print(context, flags.json, result, () => costTable(result, context.screen.columns));
}

async function interruptible<T>(
  context: CommandContext,
  work: (common: { onProgress: (text: string) => void; signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const interruption = listenForInterruption(context.screen.err);
  try {
    const onProgress = (text: string) => context.screen.err(`${text}\n`);
    return await work({ onProgress, signal: interruption.interrupted });
  } finally {
    interruption.release();
  }
}

function print(
  context: CommandContext,
  json: boolean | undefined,
  result: unknown,
  table: () => string[],
): void {
  context.screen.out(`${json ? JSON.stringify(result, null, 2) : table().join('\n')}\n`);
}

function meterTable(result: BenchMeterResult, columns: number): string[] {
  const spread = ({ medianAbsoluteMs, worstAbsoluteMs }: Spread) =>
    [medianAbsoluteMs, worstAbsoluteMs].map((ms) => ms.toFixed(ms < 100 ? 1 : 0)).join(' / ');
  const rows = result.lengths.map((length) => [
    length.medianTruthMs.toFixed(1),
    String(length.readings),
    spread(length.meter),
    length.medianPingMs.toFixed(0),
    spread(length.ping),
    length.medianIperf3Ms.toFixed(0),
    spread(length.iperf3),
  ]);
  const titles = ['truth', 'n', 'meter off by', 'ping', 'off by', 'iperf3', 'off by'];
  const head = titles.map((title) => ({
    title,
    align: 'right' as const,
  }));
  return [
    ...renderTable(head, rows, { columns }),
    'All in milliseconds; "off by" is the median and the worst absolute error of n readings.',
    `${result.flagged} of ${result.readings.length} trials flagged as badly measured, ` +
      `${result.silentlyWrong} wrong by more than 10 ms and not flagged; ${result.hogs} hogs.`,
    `The meter took ${result.meterCpuPercent.toFixed(1)} % of one core.`,
  ];
}

function costTable(result: MeterCostResult, columns: number): string[] {
  const megabits = (bps: number) => (bps / 1e6).toFixed(0);
  const titles = ['without, Mbit/s', 'with', 'ratio', 'meter, % of a core'];
  const head = titles.map((title) => ({ title, align: 'right' as const }));
  const rows = result.pairs.map((pair) => [
    megabits(pair.withoutBps),
    megabits(pair.withBps),
    pair.ratio.toFixed(3),
    pair.meterCpuPercent.toFixed(1),
  ]);
  const { ratio, meterCpuPercent } = result;
  const medians = `median ratio ${ratio.toFixed(3)}, meter ${meterCpuPercent.toFixed(1)} %`;
  return [...renderTable(head, rows, { columns }), medians];
}
