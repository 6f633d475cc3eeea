/** `failover-lab bench virtual-repeat`: one trial under what must not matter to it. */
import { resolve } from 'node:path';
import { renderTable } from '../../../reports/terminal/table.js';
import { type RepeatReading, repeatVirtual } from '../../bench/virtual-repeat.js';
import { hostMachine } from '../../doctor/host-machine.js';
import { exitCodes, LabError } from '../../errors.js';
import { kernelVariable } from '../../sites/guest.js';
import { locateKernel } from '../../sites/guest-kernel.js';
import type { CommandContext } from '../context.js';
import { listenForInterruption } from '../signals.js';

export interface BenchRepeatFlags {
  scenario: string;
  seed: number;
  hogs: number;
  kernel?: string;
  json?: boolean;
}

/** Make the runs and print hash and outage of each; ends with 1 when two differ. */
export async function runRepeat(flags: BenchRepeatFlags, context: CommandContext): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new LabError('MACHINE_LACKS', 'Running as another user needs root.');
  }
  if (flags.kernel !== undefined) process.env[kernelVariable] = resolve(flags.kernel);
  const kernel = await locateKernel(hostMachine());
  if ('refused' in kernel) {
    throw new LabError('MACHINE_LACKS', kernel.refused, { hint: kernel.hint });
  }
  const interruption = listenForInterruption(context.screen.err);
  try {
    const { scenario, seed, hogs } = flags;
    const readings = await repeatVirtual({
      ...{ scenario, seed, hogs, kernel: kernel.file },
      onProgress: (text) => context.screen.err(`${text}\n`),
      signal: interruption.interrupted,
    });
    const same = new Set(readings.map(shownResult)).size <= 1;
    const end = `${scenario}, seed ${seed}, kernel ${kernel.name}: ${same ? 'all are the same' : 'NOT the same'}`;
    const table = () => [...tableOf(readings, context.screen.columns), end].join('\n');
    context.screen.out(
      `${flags.json ? JSON.stringify({ ...{ scenario, seed, same }, readings }, null, 2) : table()}\n`,
    );
    if (!same) context.exit(exitCodes.fail);
  } finally {
    interruption.release();
  }
}

function shownResult({ hash, outagesMs }: RepeatReading): string {
  return [hash, ...outagesMs].join(' ');
}

function tableOf(readings: readonly RepeatReading[], columns: number): string[] {
  const titles = ['run', 'outage forward', 'reverse', 'took', 'hash of the record'];
  const head = titles.map((title, at) => ({
    title,
    align: at === 0 || at === 4 ? ('left' as const) : ('right' as const),
  }));
  const rows = readings.map(({ circumstance, outagesMs, realSeconds, hash }) => [
    circumstance,
    ...outagesMs.map((ms) => (ms === null ? '–' : `${ms.toFixed(6)} ms`)),
    `${realSeconds.toFixed(0)} s`,
    hash.slice(0, 16),
  ]);
  return renderTable(head, rows, { columns });
}
