/** How right the meter is: outages of known length, and what each instrument reads of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHogs } from './hogs.js';
import { type DropDirection, openMiddleNetwork } from './meter/network.js';
import { type Reading, takeReading } from './meter/reading.js';
import { type ErrorSummary, summarizeErrors } from './meter/summary.js';

export interface BenchMeterOptions {
  lengthsMs: readonly number[];
  directions: readonly DropDirection[];
  repetitions: number;
  /** Processes that do nothing but use a processor, beside the measurement. */
  hogs: number;
  onProgress?: (text: string) => void;
  signal?: AbortSignal;
}

export interface BenchMeterResult {
  hogs: number;
  /** One entry a length, over all readings that were not flagged. */
  lengths: ErrorSummary[];
  flagged: number;
  /** Readings that were off by more than 10 ms and not flagged: there must be none. */
  silentlyWrong: number;
  /** The meter's processor time, percent of one core, median. */
  meterCpuPercent: number;
  readings: Reading[];
}

export const defaultLengthsMs = [50, 100, 200, 500, 1_000, 2_000, 4_000, 8_000] as const;
export const defaultDirections = ['forward', 'reverse', 'both'] as const;

/**
 * Makes every outage in every direction, as often as asked, and reads it with all instruments.
 * Needs the right to make network namespaces, and tcpdump. Throws SANDBOX_FAILED without.
 */
export async function benchMeter(options: BenchMeterOptions): Promise<BenchMeterResult> {
  const network = await openMiddleNetwork();
  const folder = mkdtempSync(join(tmpdir(), 'failover-lab-bench-'));
  const endHogs = startHogs(options.hogs);
  const readings: Reading[] = [];
  try {
    for (let repetition = 0; repetition < options.repetitions; repetition += 1) {
      for (const lengthMs of options.lengthsMs) {
        for (const direction of options.directions) {
          if (options.signal?.aborted) break;
          const reading = await takeReading(network, direction, lengthMs, join(folder, 'reading'));
          readings.push(reading);
          options.onProgress?.(progressOf(reading, repetition));
        }
      }
    }
  } finally {
    endHogs();
    network.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return { hogs: options.hogs, ...summarizeErrors(readings), readings };
}

function progressOf(reading: Reading, repetition: number): string {
  const { lengthMs, dropped, meterMs, truth } = reading;
  const of = (direction: 'forward' | 'reverse') =>
    `${direction} ${meterMs[direction]?.toFixed(1) ?? '?'} (${truth[direction].outageMs.toFixed(1)})`;
  return `${repetition + 1}: ${lengthMs} ms ${dropped}: ${of('forward')}, ${of('reverse')}`;
}
