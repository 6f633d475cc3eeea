/** `failover-lab bench overhead`: what the harness costs the traffic it measures, in pairs. */
import { renderTable } from '../../../reports/terminal/table.js';
import { holdLab, type LabOperator, type TrialPlan } from '../../api/held-lab.js';
import { LabError } from '../../errors.js';
import { medianOf } from '../../judge/units.js';
import type { CommandContext } from '../context.js';
import { followed } from '../follow.js';

export interface OverheadFlags {
  scenario: string;
  pairs: number;
  seconds: number;
  unlimited?: boolean;
  json?: boolean;
}

interface Pair {
  harnessBps: number;
  byHandBps: number;
  ratio: number;
}

/** Measure the pairs and print them with their median ratio. */
export async function runOverhead(flags: OverheadFlags, context: CommandContext): Promise<void> {
  const pairs = await measure(flags, context);
  const ratio = medianOf(pairs.map((pair) => pair.ratio));
  if (flags.json) {
    context.screen.out(`${JSON.stringify({ ratio, pairs }, null, 2)}\n`);
    return;
  }
  const megabits = (bps: number) => `${(bps / 1e6).toFixed(1)} Mbit/s`;
  const rows = pairs.map((pair, place) => [
    String(place + 1),
    megabits(pair.harnessBps),
    megabits(pair.byHandBps),
    pair.ratio.toFixed(3),
  ]);
  const columns = [
    { title: 'pair', align: 'right' as const },
    { title: 'in a run', align: 'right' as const },
    { title: 'by hand', align: 'right' as const },
    { title: 'ratio', align: 'right' as const },
  ];
  context.screen.out(
    `${renderTable(columns, rows, { columns: context.screen.columns }).join('\n')}\n`,
  );
  context.screen.out(`median ratio ${ratio?.toFixed(3)}\n`);
}

async function measure(flags: OverheadFlags, context: CommandContext): Promise<Pair[]> {
  const pairs: Pair[] = [];
  const operator: LabOperator = {
    mode: 'overhead',
    onOpen: (order) => order({ pairs: flags.pairs, seconds: flags.seconds }),
    onNote: (note) => {
      if (note.note !== 'overhead') return;
      const { harnessBps, byHandBps } = note;
      pairs.push({ harnessBps, byHandBps, ratio: harnessBps / byHandBps });
      context.screen.err(`pair ${pairs.length}: ${(harnessBps / byHandBps).toFixed(3)}\n`);
    },
  };
  const adjust = ({ scenario }: TrialPlan) => {
    if (flags.unlimited) for (const flow of scenario.flows) flow.bitrateBps = null;
  };
  const command = ['failover-lab', ...process.argv.slice(2)];
  await followed(
    context,
    (listeners) =>
      holdLab(flags.scenario, { seed: 1, command, ...listeners }, { operator, adjust }),
    { quiet: true },
  );
  if (pairs.length > 0) return pairs;
  throw new LabError('TRAFFIC_FAILED', 'No pair was measured; see the run folder.');
}
