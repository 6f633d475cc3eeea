/** What the meter costs: the throughput of iperf3 at full speed with and without it, in pairs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nowNs } from '../clock.js';
import { eventsOf } from '../judge/trial-record.js';
import { medianOf } from '../judge/units.js';
import { startFlow } from '../lab/traffic/iperf3.js';
import { startMeter } from '../lab/traffic/meter.js';
import type { HistoryEvent } from '../model/history/events.js';
import { benchContext } from './meter/context.js';
import { type MiddleNetwork, openMiddleNetwork } from './meter/network.js';
import { benchFlow, benchMeterPair } from './meter/scenario.js';

export interface MeterCostOptions {
  pairs: number;
  secondsEach: number;
  onProgress?: (text: string) => void;
  signal?: AbortSignal;
}

export interface MeterCostPair {
  withoutBps: number;
  withBps: number;
  /** With the meter, as a share of without. */
  ratio: number;
  /** Of one core, both ends of the meter together. */
  meterCpuPercent: number;
}

export interface MeterCostResult {
  /** Median over the pairs. */
  ratio: number;
  meterCpuPercent: number;
  pairs: MeterCostPair[];
}

/** Measures pair by pair, the order within a pair alternating. Throws SANDBOX_FAILED. */
export async function benchMeterCost(options: MeterCostOptions): Promise<MeterCostResult> {
  const network = await openMiddleNetwork();
  const folder = mkdtempSync(join(tmpdir(), 'failover-lab-bench-'));
  const pairs: MeterCostPair[] = [];
  const measure = (withMeter: boolean) =>
    throughput(network, folder, withMeter, options.secondsEach);
  try {
    for (let at = 0; at < options.pairs && !options.signal?.aborted; at += 1) {
      const first = await measure(at % 2 === 1);
      const second = await measure(at % 2 === 0);
      const [without, with_] = at % 2 === 1 ? [second, first] : [first, second];
      const ratio = with_.bps / without.bps;
      const { cpuPercent: meterCpuPercent } = with_;
      pairs.push({ withoutBps: without.bps, withBps: with_.bps, ratio, meterCpuPercent });
      options.onProgress?.(`${at + 1}: ${ratio.toFixed(3)} of the throughput`);
    }
  } finally {
    network.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const middle = (values: number[]) => medianOf(values) ?? Number.NaN;
  return {
    ratio: middle(pairs.map((pair) => pair.ratio)),
    meterCpuPercent: middle(pairs.map((pair) => pair.meterCpuPercent)),
    pairs,
  };
}

async function throughput(
  network: MiddleNetwork,
  folder: string,
  withMeter: boolean,
  seconds: number,
): Promise<{ bps: number; cpuPercent: number }> {
  const events: HistoryEvent[] = [];
  const context = benchContext(network, folder, events);
  const meter = withMeter ? await startMeter(context, benchMeterPair, network.hosts) : null;
  const startNs = nowNs();
  const flow = await startFlow(context, { ...benchFlow, bitrateBps: null }, network.hosts);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const spanNs = nowNs() - startNs;
  await flow.stop();
  await meter?.stop();
  const rows = eventsOf(events, 'iperf.interval').filter((row) => row.side === 'receiver');
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  const ms = rows.reduce((sum, row) => sum + row.endMs - row.startMs, 0);
  const cpuNs = eventsOf(events, 'meter.end').reduce((sum, end) => sum + end.cpuNs, 0);
  return { bps: (bytes * 8_000) / ms, cpuPercent: (100 * cpuNs) / spanNs };
}
