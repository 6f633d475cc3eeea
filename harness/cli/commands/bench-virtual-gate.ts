/** `failover-lab bench virtual-gate`: false alarms and missed shifts of the gate in virtual time. */
import { resolve } from 'node:path';
import { baselineOf, judgeGate, mergeRuns, needsMoreTrials } from '../../../reports/gate/index.js';
import { renderTable } from '../../../reports/terminal/table.js';
import { type Arms, type GateReading, gateVirtual, tallyOf } from '../../bench/virtual-gate.js';
import { exitCodes, LabError } from '../../errors.js';
import { kernelVariable } from '../../sites/guest.js';
import type { CommandContext } from '../context.js';
import { listenForInterruption } from '../signals.js';

export interface BenchVirtualGateFlags {
  scenario: string;
  slower: string;
  unchanged: number;
  slowerGates: number;
  trials: number;
  pool?: number;
  hogs: number;
  seed: number;
  folder: string;
  kernel?: string;
  json?: boolean;
}

/** Make the gates and print how they ended; ends with 1 when one was wrong. */
export async function runVirtualGate(
  { kernel, json, unchanged: unchangedGates, ...flags }: BenchVirtualGateFlags,
  context: CommandContext,
): Promise<void> {
  if (flags.pool !== undefined && flags.pool < 2 * flags.trials) {
    throw new LabError('WRONG_USE', `--pool ${flags.pool} is too few trials to draw gates from.`, {
      hint: `Give at least ${2 * flags.trials}: a gate in doubt needs twice its --trials.`,
    });
  }
  if (kernel !== undefined) process.env[kernelVariable] = resolve(kernel);
  const interruption = listenForInterruption(context.screen.err);
  const { columns } = context.screen;
  try {
    const readings = await gateVirtual({
      ...{ ...flags, unchangedGates, folder: resolve(flags.folder), judge: judgeArms },
      onProgress: (done) => context.screen.err(`${tableOf(done, columns).join('\n')}\n`),
      signal: interruption.interrupted,
    });
    context.screen.out(
      json
        ? `${JSON.stringify(readings, null, 2)}\n`
        : `${tableOf(readings, columns).join('\n')}\n`,
    );
    const wrong = readings.filter(({ arm, verdict }) =>
      arm === 'unchanged' ? verdict !== 'pass' : verdict !== 'regression',
    );
    if (wrong.length > 0) context.exit(exitCodes.fail);
  } finally {
    interruption.release();
  }
}

function judgeArms({ before, now }: Arms) {
  const doubled = now.length > 1;
  const baseline = baselineOf(mergeRuns(before), null);
  const result = judgeGate(baseline, mergeRuns(now), { scenario: null, doubled });
  return { verdict: result.verdict, doubt: needsMoreTrials(result) };
}

function tableOf(readings: readonly GateReading[], columns: number): string[] {
  const titles = ['gates', 'made', 'red', 'inconclusive', 'doubled', 'least shift', 'most'];
  const head = titles.map((title, at) => ({
    title,
    align: at === 0 ? ('left' as const) : ('right' as const),
  }));
  const shown = (ms: number | null) => (ms === null ? '–' : `${ms.toFixed(3)} ms`);
  const rows = (['unchanged', 'slower'] as const).map((arm) => {
    const { gates, red, inconclusive, doubled, leastShiftMs, mostShiftMs } = tallyOf(readings, arm);
    return [
      arm,
      ...[gates, red, inconclusive, doubled].map(String),
      shown(leastShiftMs),
      shown(mostShiftMs),
    ];
  });
  return renderTable(head, rows, { columns });
}
