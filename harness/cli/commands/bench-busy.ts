/** `failover-lab bench busy`: whole runs beside processor hogs; none may accuse the network. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderTable } from '../../../reports/terminal/table.js';
import { type BusyReading, benchBusy } from '../../bench/busy.js';
import { exitCodes, LabError } from '../../errors.js';
import type { CommandContext } from '../context.js';
import { listenForInterruption } from '../signals.js';

export interface BusyFlags {
  runs: Array<[string, number]>;
  hogs: number;
  controls: number;
  lossMs: number;
  seed: number;
  json?: boolean;
}

/** Make the runs and print how each ended; ends with 1 when one accused the network wrongly. */
export async function runBusy(flags: BusyFlags, context: CommandContext): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new LabError('MACHINE_LACKS', 'Injecting loss inside a lab needs root.');
  }
  const out = mkdtempSync(join(tmpdir(), 'failover-lab-bench-busy-'));
  const interruption = listenForInterruption(context.screen.err);
  try {
    const { runs, hogs, controls, lossMs: injectedLossMs, seed } = flags;
    const onProgress = (text: string) => context.screen.err(`${text}\n`);
    const signal = interruption.interrupted;
    const options = { runs, hogs, controls, injectedLossMs, seed, out, onProgress, signal };
    const readings = await benchBusy(options);
    const table = () => [...tableOf(readings, context.screen.columns), `records: ${out}`];
    context.screen.out(
      flags.json ? `${JSON.stringify(readings, null, 2)}\n` : `${table().join('\n')}\n`,
    );
    // Beside hogs both may be inconclusive; neither may be judged the other way.
    const wrong = readings.filter(({ injected, verdict }) =>
      injected ? verdict === 'pass' : verdict === 'fail',
    );
    if (wrong.length > 0) context.exit(exitCodes.fail);
  } finally {
    interruption.release();
  }
}

/** Verdicts and validity first, then what was lost, so that each fits a terminal of 80 columns. */
function tableOf(readings: readonly BusyReading[], columns: number): string[] {
  const verdicts: Column[] = [
    ['runs', (own) => own.length],
    ...(['pass', 'fail', 'inconclusive'] as const).map(
      (verdict): Column => [verdict, (own) => own.filter((one) => one.verdict === verdict).length],
    ),
    ['valid at first', (own) => own.filter(({ validAtFirst }) => validAtFirst).length],
    ['in the end', (own) => own.filter(({ valid }) => valid).length],
  ];
  const losses: Column[] = [
    ['attempts', (own) => sumOf(own, ({ attempts }) => attempts)],
    ['dropped here', (own) => sumOf(own, ({ packetsDropped }) => packetsDropped)],
    ['probes lost', (own) => sumOf(own, ({ probesLost }) => probesLost)],
    ['at most dropped here', (own) => sumOf(own, ({ probesDropped }) => probesDropped)],
  ];
  return [...tableWith(verdicts, readings, columns), '', ...tableWith(losses, readings, columns)];
}

type Column = [title: string, figure: (own: readonly BusyReading[]) => number];

function sumOf(own: readonly BusyReading[], figure: (reading: BusyReading) => number): number {
  return own.reduce((sum, reading) => sum + figure(reading), 0);
}

function tableWith(
  figures: readonly Column[],
  readings: readonly BusyReading[],
  columns: number,
): string[] {
  const kindOf = ({ scenario, injected }: BusyReading) =>
    injected ? `${scenario} + loss` : scenario;
  const rows = [...new Set(readings.map(kindOf))].map((kind) => {
    const own = readings.filter((reading) => kindOf(reading) === kind);
    return [kind, ...figures.map(([, figure]) => String(figure(own)))];
  });
  const head = [
    { title: 'scenario', align: 'left' as const },
    ...figures.map(([title]) => ({ title, align: 'right' as const })),
  ];
  return renderTable(head, rows, { columns });
}
